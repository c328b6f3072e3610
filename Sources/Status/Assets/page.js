// Keeps a page up to date. When the service says that something has changed, the page is fetched anew and what differs is
// put in place, so that focus, selection and open details stay. The server alone writes HTML, and escapes what others wrote.
"use strict";

const least = 1000; // between two fetches, in milliseconds
const lively = 10000; // a page that was not fetched for so long is, whatever the events say
let skew = 0; // the server's clock minus ours, in milliseconds
let shown = Date.now(); // when the page was last fetched
let events = null;
let connected = 0; // when the events were last asked for
let isFetching = false;
let timer = null;

const $ = (id) => document.getElementById(id);
const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
const keyOf = (node) => isElement(node) ? node.dataset.key || node.id : "";

// Makes `old` like `fresh`: what did not change stays the same node.
function morph(old, fresh) {
    if (!isElement(old)) {
        if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
        return;
    }
    // Whoever types or chooses is not disturbed.
    if (old === document.activeElement && /^(INPUT|SELECT|TEXTAREA)$/.test(old.nodeName)) return;
    for (const { name, value } of Array.from(fresh.attributes)) {
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of Array.from(old.attributes)) {
        const isOpened = name === "open" && old.nodeName === "DETAILS";
        if (!fresh.hasAttribute(name) && !isOpened) old.removeAttribute(name);
    }
    morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
    const wanted = new Set(Array.from(fresh.children, keyOf));
    const known = new Map(Array.from(old.children, (child) => [keyOf(child), child]));
    let place = old.firstChild;
    for (const next of Array.from(fresh.childNodes)) {
        // What goes is taken away first: what stays is then not moved, and keeps its focus.
        while (place && keyOf(place) && !wanted.has(keyOf(place))) {
            const gone = place;
            place = place.nextSibling;
            gone.remove();
        }
        const key = keyOf(next);
        const match = key ? known.get(key) : place && !keyOf(place) ? place : null;
        if (match && match.nodeType === next.nodeType && match.nodeName === next.nodeName) {
            if (match === place) place = place.nextSibling;
            else old.insertBefore(match, place);
            morph(match, next);
        } else {
            old.insertBefore(next, place);
        }
    }
    while (place) {
        const gone = place;
        place = place.nextSibling;
        gone.remove();
    }
}

async function refresh() {
    if (isFetching || document.hidden) return;
    isFetching = true;
    try {
        const response = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(10000) });
        // A page may say that what it was about is gone; an answer that is no page says nothing of it.
        if (!(response.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error(response.status);
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
        if (!fresh.querySelector("main[data-now]")) throw new Error("another page");
        morph($("main"), fresh.querySelector("main"));
        document.title = fresh.title;
        shown = Date.now();
        skew = Date.parse($("main").dataset.now) - shown;
        tick();
        tell(null);
    } catch {
        lost();
    } finally {
        isFetching = false;
    }
}

// Fetches the page soon: many changes in a moment are one.
function plan() {
    if (timer !== null || document.hidden) return;
    timer = setTimeout(() => {
        timer = null;
        refresh();
    }, Math.max(0, shown + least - Date.now()));
}

function connect() {
    events?.close();
    events = null;
    // A browser has six connections to a host: a page that nobody sees holds none.
    if (document.hidden) return;
    connected = Date.now();
    events = new EventSource("/api/v1/events?events=status,skipped");
    // Whatever was missed meanwhile is on the page.
    for (const name of ["open", "status", "skipped", "error"]) events.addEventListener(name, plan);
}

function tell(text) {
    const banner = $("banner");
    banner.hidden = text === null;
    if (banner.textContent !== (text ?? "")) banner.textContent = text ?? "";
    document.documentElement.classList.toggle("stale", text !== null);
}

function lost() {
    tell("The status service does not answer. What stands here is from "
        + `${new Date(shown).toLocaleTimeString()}; it is asked again every few seconds.`);
}

const number = (value) => new Intl.NumberFormat("en", { maximumFractionDigits: 0 }).format(value);

// The same words as the server's.
function span(seconds) {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
    if (seconds < 172800) return `${Math.floor(seconds / 3600)} h`;
    return `${number(Math.floor(seconds / 86400))} days`;
}

function words(moment) {
    const seconds = Math.floor((Date.now() + skew - moment) / 1000);
    if (Math.abs(seconds) >= 604800) return new Date(moment).toISOString().slice(0, 10);
    if (seconds < -1) return `in ${span(-seconds)}`;
    return seconds < 1 ? "now" : `${span(seconds)} ago`;
}

function tick() {
    for (const time of document.querySelectorAll("main time")) {
        const text = words(Date.parse(time.dateTime));
        if (time.textContent !== text) time.textContent = text;
    }
}

setInterval(() => {
    tick();
    if (document.hidden) return;
    const isOpen = events?.readyState === EventSource.OPEN;
    if (Date.now() - shown > (isOpen ? lively : 2 * least)) plan();
    // It connects again by itself, unless the answer was none of events.
    const isOver = !events || events.readyState === EventSource.CLOSED;
    if (isOver && Date.now() - connected > lively / 2) connect();
}, 1000);
document.addEventListener("visibilitychange", () => {
    connect();
    plan();
});
skew = Date.parse($("main").dataset.now) - Date.now();
connect();
