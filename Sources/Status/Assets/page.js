// Keeps the overview up to date: it asks /api/v1/status every two seconds and makes the same elements as the server did.
// Whatever somebody else wrote goes in as text content, never as HTML.
"use strict";

const interval = 2000;
const integer = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const outcomes = ["published", "partial", "held", "duplicate", "ignored", "quarantined", "discarded"];
let skew = 0; // the server's clock minus ours, in milliseconds
let answered = new Date();

const $ = (id) => document.getElementById(id);
const number = (value) => integer.format(value).replace("-", "−");

function rate(value) {
    if (value >= 100) return number(Math.round(value));
    const places = value >= 10 ? 10 : 100;
    const rounded = Math.round(value * places) / places;
    return Number.isInteger(rounded) ? number(rounded) : String(rounded);
}

function bytes(value) {
    const tenths = Math.floor((value + 50000) / 100000);
    return tenths >= 1000 ? `${number(Math.floor(tenths / 10))} MB` : `${(tenths / 10).toFixed(1)} MB`;
}

function span(seconds) {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
    return `${number(Math.floor(seconds / 86400))} days`;
}

function ago(moment) {
    const seconds = Math.floor((Date.now() + skew - moment) / 1000);
    if (seconds >= 604800) return new Date(moment).toISOString().slice(0, 10);
    return seconds < 1 ? "now" : `${span(seconds)} ago`;
}

// The same as the server's: no control characters, and nothing that turns the direction of what follows.
const clean = (text) =>
    String(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, "").replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, "\ufffd");

function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) made.setAttribute(key, value);
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
}

const foreign = (text) => element("bdi", null, clean(text));

function time(moment) {
    const date = new Date(moment);
    const absolute = `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;
    return element("time", { datetime: date.toISOString(), title: absolute }, ago(date.getTime()));
}

// Makes the children of `parent` those of `items`: what did not change stays as it is, so that focus and selection stay.
function fill(parent, items, key, make) {
    const known = new Map(Array.from(parent.children, (child) => [child.dataset.key, child]));
    let place = parent.firstElementChild;
    const kept = new Set();
    for (const item of items) {
        const name = key(item);
        const mark = JSON.stringify(item);
        let child = known.get(name);
        if (!child || child.dataset.mark !== mark) {
            const made = make(item);
            made.dataset.key = name;
            made.dataset.mark = mark;
            if (child) {
                if (child === place) place = made;
                const hadFocus = child.contains(document.activeElement);
                child.replaceWith(made);
                if (hadFocus) made.querySelector("a, button")?.focus({ preventScroll: true });
            }
            child = made;
        }
        kept.add(child);
        if (child === place) place = place.nextElementSibling;
        else parent.insertBefore(child, place);
    }
    for (const child of Array.from(parent.children)) if (!kept.has(child)) child.remove();
}

function spark(minutes) {
    const most = Math.max(1, ...minutes);
    const total = minutes.reduce((sum, count) => sum + count, 0);
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    picture.setAttribute("class", "spark");
    picture.setAttribute("viewBox", "0 0 120 24");
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", `The last hour: ${number(total)}, at most ${number(most)} a minute`);
    const path = document.createElementNS(space, "path");
    path.setAttribute("d", minutes.map((count, index) => {
        const height = Math.max(1, Math.floor(24 * count / most));
        return count > 0 ? `M${index * 2} 24v-${height}h1.6v${height}z` : "";
    }).join(""));
    picture.append(path);
    return picture;
}

function facts(stage, status) {
    const list = [];
    if (stage.waiting > 0) list.push(["waiting", stage.waiting, false]);
    const results = status.results[stage.name];
    if (stage.name === "files") {
        for (const name of outcomes) {
            list.push([name, status.files[name] ?? 0, name === "quarantined" || name === "partial"]);
        }
    } else if (results) {
        const verdicts = Object.entries(results.verdicts).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
        for (const [name, count] of verdicts) list.push([name, count, false]);
        list.push(["skipped", results.skipped, false], ["failed", results.failed, true],
            ["given up", results.dead, true]);
    }
    return list.filter((fact) => fact[1] > 0);
}

function stageItem([stage, list]) {
    const chips = list.flatMap(([name, count, isBad]) =>
        [element("span", isBad ? { class: "bad" } : null, `${number(count)} ${clean(name)}`), " "]);
    return element("li", null,
        element("h3", null, clean(stage.name.charAt(0).toUpperCase() + stage.name.slice(1))),
        element("p", { class: "count" }, number(stage.count)),
        element("p", { class: "rate" }, `${rate(stage.per_second)} a second`),
        spark(stage.minutes),
        element("p", { class: "facts" }, ...chips));
}

function articleItem(card) {
    const about = element("p", { class: "about" });
    if (card.verdict) {
        const kind = card.verdict === "unique" ? "unique" : "other";
        about.append(element("span", { class: `verdict ${kind}` }, clean(card.verdict)), " ");
    }
    about.append(foreign(card.source), " · ", foreign(card.language), " · ", time(card.time));
    return element("li", null,
        element("h3", null, element("a", { href: `/articles/${encodeURIComponent(card.id)}` },
            foreign(card.title || "Without a title"))),
        about,
        card.summary ? element("p", { class: "summary" }, foreign(card.summary.join(" "))) : null,
        ...(card.failures ?? []).map((text) => element("p", { class: "bad" }, foreign(text))));
}

function processRow(process) {
    // Moments and flags are for programs.
    const numbers = Object.entries(process.numbers)
        .filter(([name, count]) => count !== 0 && !name.endsWith("_ms") && !name.endsWith("_done"))
        .map(([name, count]) => `${number(count)} ${name.replaceAll("_", " ")}`);
    const isAlive = process.state === "alive";
    return element("tr", null,
        element("th", { scope: "row" },
            element("span", { class: `dot ${isAlive ? "good" : "bad"}` }, process.state), " ",
            foreign(process.name),
            element("small", null, foreign([`up ${span(process.uptime_s)}`, ...numbers].join(" · ")))),
        element("td", { class: "n" }, number(process.lag)),
        element("td", { class: "n" }, bytes(process.rss)),
        element("td", { class: "n" }, time(Date.now() + skew - process.age_ms)));
}

function directoryCell(name, value, isBad) {
    return element("td", { class: isBad ? "n bad" : value ? "n" : "n none", "data-name": name },
        value === undefined ? "–" : number(value));
}

function directoryRow(row) {
    const details = [];
    if (row.files_per_second > 0) details.push(`${rate(row.files_per_second)} files a second`);
    if (row.unaccompanied > 0) details.push(`${number(row.unaccompanied)} without their marker or checksum`);
    if (row.left > 0) details.push(`${number(row.left)} left in place`);
    if (row.priority !== 0) details.push(`priority ${number(row.priority)}`);
    const dot = { watched: "good", paused: "held" }[row.state] ?? "bad";
    return element("tr", null,
        element("th", { scope: "row" },
            element("span", { class: `dot ${dot}` }, row.state), " ", foreign(row.path),
            element("small", null, foreign(row.source), details.map((detail) => ` · ${detail}`).join("")),
            row.paused_since ? element("small", { class: "held" }, "paused by the operator, ", time(row.paused_since))
                : null,
            row.note ? element("small", { class: "bad" }, foreign(row.note)) : null),
        directoryCell("Waiting", row.waiting, false),
        directoryCell("Settling", row.settling, false),
        directoryCell("Blocked", row.blocked, row.blocked > 0),
        directoryCell("Quarantine", row.in_quarantine, row.in_quarantine > 0),
        element("td", { class: row.oldest_waiting ? "n" : "n none", "data-name": "Oldest" },
            row.oldest_waiting ? time(row.oldest_waiting) : "–"));
}

function moreDirectories(sum) {
    const parts = [[sum.waiting, "waiting"], [sum.settling, "settling"], [sum.blocked, "blocked"],
        [sum.in_quarantine, "in quarantine"], [sum.troubled, "of them in trouble"], [sum.paused, "of them paused"]]
        .filter(([count]) => count > 0).map(([count, what]) => `${number(count)} ${what}`);
    return `and ${number(sum.count)} more ${sum.count === 1 ? "directory" : "directories"}: `
        + (parts.length === 0 ? "nothing waits there" : parts.join(", "));
}

function quarantineItem(file) {
    return element("li", null,
        element("p", { class: "path" }, foreign(file.path)),
        element("p", { class: "about" },
            element("span", { class: "verdict other" }, foreign(file.code)), " ",
            foreign(file.message ?? ""), " · ", time(file.time)));
}

function show(status) {
    skew = new Date(status.time).getTime() - Date.now();
    const troubles = status.troubles;
    const health = $("health");
    const well = status.paused_since ? ["held", "Paused by the operator"] : ["good", "All is well"];
    const [kind, sentence] = troubles.length === 0 ? well
        : ["bad", `${troubles.length} trouble${troubles.length === 1 ? "" : "s"}`];
    if (health.textContent !== sentence) health.textContent = sentence;
    health.className = kind;
    $("troubles").hidden = troubles.length === 0;
    fill($("trouble-list"), troubles, (trouble) => trouble.name + trouble.text, (trouble) =>
        element("li", null, element("strong", null, foreign(trouble.name)), " ", foreign(trouble.text)));
    fill($("stages"), status.stages.map((stage) => [stage, facts(stage, status)]), ([stage]) => stage.name, stageItem);
    $("held").hidden = status.held.count === 0;
    if ($("held").textContent !== heldText(status.held)) $("held").textContent = heldText(status.held);
    $("directories").hidden = status.directories.length === 0;
    fill($("directory-rows"), status.directories, (row) => `${row.watcher}/${row.path}`, directoryRow);
    const others = status.other_directories;
    $("more-directories").hidden = others.count === 0;
    $("more-directories").textContent = moreDirectories(others);
    $("no-articles").hidden = status.latest.length > 0;
    fill($("latest"), status.latest, (card) => String(card.row), articleItem);
    const processes = $("processes");
    $("no-processes").hidden = status.processes.length > 0;
    processes.parentElement.hidden = status.processes.length === 0;
    fill(processes, status.processes, (process) => `${process.host}/${process.name}`, processRow);
    $("quarantine-count").textContent = number(status.quarantine.count);
    $("no-quarantine").hidden = status.quarantine.files.length > 0;
    fill($("quarantine"), status.quarantine.files, (file) => `${file.directory}/${file.path}`, quarantineItem);
}

function heldText(held) {
    const one = held.count === 1;
    const next = held.next_release
        ? `; the next release is at ${held.next_release.slice(0, 10)} ${held.next_release.slice(11, 19)} UTC` : "";
    return `${number(held.count)} article${one ? " is" : "s are"} held until ${one ? "its" : "their"} embargo ends${next}`;
}

function setBanner(text) {
    const banner = $("banner");
    banner.hidden = text === null;
    if (banner.textContent !== (text ?? "")) banner.textContent = text ?? "";
}

async function update() {
    if (!document.hidden) {
        try {
            const response = await fetch("/api/v1/status", { cache: "no-store", signal: AbortSignal.timeout(5000) });
            if (!response.ok) throw new Error(`status ${response.status}`);
            show(await response.json());
            answered = new Date();
            setBanner(null);
        } catch {
            $("health").textContent = "No answer";
            $("health").className = "bad";
            setBanner("The status service does not answer. What stands here is from "
                + `${answered.toLocaleTimeString()}; it is asked again every few seconds.`);
        }
    }
    setTimeout(update, interval);
}

setInterval(() => {
    for (const shown of document.querySelectorAll("time")) {
        const text = ago(new Date(shown.dateTime).getTime());
        if (shown.textContent !== text) shown.textContent = text;
    }
}, 1000);
update();
