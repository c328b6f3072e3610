"""Conservation: whether each file that was dropped has come to its end once, and each article to each worker once."""

import collections
import hashlib
import json
import os
import pathlib
import urllib.request

from services import UNITS, ends
from trouble import require, wait_until
from wire import Log

KINDS = ["deduplicate", "index", "summarize"]
API = "http://127.0.0.1:8470"
ARTICLES = "tcp://127.0.0.1:8472"
MEMBERS = ["type", "path", "outcome", "title", "kind", "seq", "status", "time_ms"]
RESULTS = "tcp://127.0.0.1:8475"


def article_log():
    return Log(ARTICLES, keep)


def result_log():
    return Log(RESULTS, keep)


def keep(entry):
    """What the accounts need of a record, and whether it is the same when it is read again."""
    record = {name: entry.record[name] for name in MEMBERS if name in entry.record}
    record["has_body"] = "body" in entry.record
    record["reason"] = entry.record.get("data", {}).get("reason")
    record["digest"] = hashlib.sha256(json.dumps(entry.record).encode()).digest()
    return entry._replace(record=record)


def ask(path):
    """What the API answers."""
    with urllib.request.urlopen(API + path, timeout=30) as reply:
        return json.load(reply)


class Accounts:
    """Follows the logs of articles and results like any consumer, and holds them to what was dropped."""

    def __init__(self, producer):
        self.producer = producer
        self.articles = article_log()
        self.results = result_log()

    def are_settled(self):
        """Whether everything that was dropped has come to its end and every article to every worker."""
        return not self.missing()

    def missing(self):
        """What has yet to come, in words; empty where nothing has."""
        if not (self.articles.update() and self.results.update()):
            return "one of the logs does not answer"
        told = {entry.record["path"] for entry in self.articles.entries if entry.record["type"] == "file"}
        files = [entry["name"] for entry in self.producer.dropped if entry["name"] not in told]
        if files:
            return f"{len(files)} files, such as {files[0]}"
        done = {
            (entry.record["seq"], entry.record["kind"])
            for entry in self.results.entries
            if entry.record["status"] != "failed"
        }
        for kind in KINDS:
            waiting = [entry.seq for entry in articles(self.articles) if (entry.seq, kind) not in done]
            if waiting:
                return f"{len(waiting)} results of {kind}, such as that of {waiting[0]}"
        return ""

    def check(self):
        """Reads everything anew, and fails where anything is missing, twice, or other than it was."""
        log, results = article_log(), result_log()
        require(log.update() and results.update(), "one of the logs does not answer")
        require(log.entries[: len(self.articles.entries)] == self.articles.entries, "the log is not what it was")
        told = self.check_logs(log, results)
        self.check_folders()
        check_index(log)
        check_api(log)
        return told

    def check_logs(self, log, results):
        """Holds what was read of the logs to what was dropped."""
        check_sequence(log)
        check_sequence(results)
        self.check_files(log)
        self.check_articles(log)
        check_results(log, results)
        counts = len(self.producer.dropped), len(articles(log)), len(results.entries)
        return "{} files, {} articles, {} results, each once".format(*counts)

    def check_files(self, log):
        outcomes = collections.defaultdict(list)
        for entry in log.entries:
            if entry.record["type"] == "file" and entry.record["outcome"] != "discarded":
                outcomes[entry.record["path"]].append(entry.record["outcome"])
        expected = {entry["name"]: [entry["outcome"]] for entry in self.producer.dropped}
        wrong = {name: outcomes.get(name) for name in expected if outcomes.get(name) != expected[name]}
        require(not wrong, f"outcomes are wrong: {wrong}")
        require(set(outcomes) == set(expected), f"files that nobody dropped: {set(outcomes) - set(expected)}")

    def check_articles(self, log):
        found = collections.Counter(entry.record["title"] for entry in articles(log))
        expected = collections.Counter(title for entry in self.producer.dropped for title in entry["titles"])
        require(found == expected, f"articles are missing: {expected - found}, or too many: {found - expected}")

    def check_folders(self):
        """Nothing waits any more, and each file lies with its bytes in the archive or in quarantine, once."""
        folders = {pathlib.Path(entry["folder"]) for entry in self.producer.dropped}
        waiting = {
            path.name for folder in folders for path in folder.iterdir() if not path.name.startswith(".dropwire")
        }
        require(waiting <= {".done", ".quarantine"}, f"these wait: {waiting}")
        kept = collections.Counter(
            (path.name, hashlib.sha256(path.read_bytes()).hexdigest())
            for folder in folders
            for path in [*folder.glob(".done/**/*"), *folder.glob(".quarantine/**/*")]
            if path.is_file() and "#" not in path.name and not path.name.endswith(".reason.json")
        )
        expected = collections.Counter((entry["name"], entry["sha256"]) for entry in self.producer.dropped)
        require(kept == expected, f"files are gone: {expected - kept}, or too many: {kept - expected}")


def articles(log):
    return [entry for entry in log.entries if entry.record["type"] == "article"]


def check_sequence(log):
    seqs = [entry.seq for entry in log.entries]
    require(seqs == list(range(1, len(seqs) + 1)), f"the sequence of {log.address} has holes")
    require(
        len({(entry.stream, entry.epoch) for entry in log.entries}) <= 1, f"{log.address} has two streams or epochs"
    )


def check_results(log, results):
    found = collections.Counter(
        (entry.record["seq"], entry.record["kind"], entry.record["status"])
        for entry in results.entries
        if not was_interrupted(entry)
    )
    expected = collections.Counter((entry.seq, kind, status(entry, kind)) for entry in articles(log) for kind in KINDS)
    require(found == expected, f"results are missing: {expected - found}, or too many: {found - expected}")
    interrupted = [entry.seq for entry in results.entries if was_interrupted(entry)]
    deaths = deaths_of_summarizers()
    require(len(interrupted) <= deaths, f"{deaths} summarizers died, and on more articles: {interrupted}")


def was_interrupted(entry):
    """Whether it tells of the article that a summarizer had in hand when it died: an attempt, beside the result."""
    record = entry.record
    return (record["kind"], record["status"], record["reason"]) == ("summarize", "failed", "the worker died on it")


def deaths_of_summarizers():
    """How many processes of them ended unasked, and by loss of power, of which the journal says nothing."""
    units = [unit for unit in UNITS if "summarize" in unit]
    return sum(len(ends(unit)) for unit in units) + len(units) * (int(os.environ["DROPWIRE_BOOT"]) - 1)


def status(entry, kind):
    """What a worker says of an article: there is nothing to be summarized in a headline alone."""
    return "skipped" if kind == "summarize" and not entry.record["has_body"] else "ok"


def check_index(log):
    total = ask("/api/v1/search?q=source:incoming+OR+source:second&limit=1")["total"]
    require(total == len(articles(log)), f"the index finds {total} articles")


def check_api(log):
    """The status service counts the same, as soon as it has followed the log to its end."""
    files = collections.Counter(entry.record["outcome"] for entry in log.entries if entry.record["type"] == "file")
    wait_until(f"the API tells of these files: {files}", lambda: ask("/api/v1/status")["files"] == files)
    status = ask("/api/v1/status")
    require(status["articles"] == len(articles(log)), f"the API tells of {status['articles']} articles")
    for kind in KINDS:
        told = status["results"][kind]
        sum_of = told["ok"] + told["skipped"]
        require(
            sum_of == len(articles(log)) and told["failed"] == 0, f"the API tells of other results of {kind}: {told}"
        )
