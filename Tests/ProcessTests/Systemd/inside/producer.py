"""Files of several kinds, dropped at a steady rate as a careful producer does, and the list of them.

The list is written before a file is dropped, and a file is renamed into the drop directory: whoever loses power in
between goes on with what the list says (`Producer.resume`), so that list and files agree whenever it is held to them.
"""

import errno
import hashlib
import json
import os
import pathlib
import random
import threading
import time

WORDS = [
    a + b
    for a in "ba da fo ga ke lu mi no pe ra se ti vo wu".split()
    for b in "lan ren sted tor vik mond gar nel".split()
]
# What becomes of so many files of a hundred.
KINDS = {"text": 62, "page": 10, "lines": 8, "mail": 6, "snap": 4, "copy": 4, "broken lines": 3, "bad": 3}


class Producer:
    """Drops files into a directory; `dropped` has what was dropped, one object a file."""

    def __init__(self, drop, ledger, seed):
        self.drop = pathlib.Path(drop)
        self.ledger = pathlib.Path(ledger)
        self.seed = seed
        self.dropped = []
        self.lock = threading.Lock()
        self.thread = None
        self.is_running = False
        # How often there was no room for a file.
        self.refusals = 0
        self.trouble = None

    def resume(self):
        """Reads the list of an earlier one, and drops what it was about to."""
        for line in self.ledger.read_text().splitlines():
            entry = json.loads(line)
            self.dropped.append(entry)
            part = pathlib.Path(entry["folder"], f".{entry['name']}.part")
            if part.exists():
                part.rename(part.with_name(entry["name"]))

    def start(self, rate, folder=None):
        """Drops so many files a second until `stop`; texts into another drop directory, where one is named."""
        self.is_running = True
        self.thread = threading.Thread(target=self.run, args=(rate, folder), daemon=True)
        self.thread.start()

    def stop(self):
        self.is_running = False
        if self.thread:
            self.thread.join()
            self.thread = None
        if self.trouble:
            raise self.trouble

    def run(self, rate, folder):
        try:
            next_time = time.monotonic()
            while self.is_running:
                self.try_to_drop(folder)
                next_time = max(next_time + 1 / rate, time.monotonic() - 1)
                time.sleep(max(0, next_time - time.monotonic()))
        except Exception as error:
            self.trouble = error

    def try_to_drop(self, folder):
        """Drops the next file; where there is no room for it, it is still the next one."""
        try:
            self.drop_next(folder)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            self.refusals += 1

    def drop_next(self, folder=None, kind=None):
        """Drops one file more, of a kind where one is named; a text into another drop directory, where one is."""
        with self.lock:
            self.drop_one(folder, kind)

    def drop_one(self, folder, kind):
        number = len(self.dropped)
        chance = random.Random(f"{self.seed}-{number}")
        kind = kind or ("text" if folder else chance.choices(list(KINDS), KINDS.values())[0])
        # What was dropped elsewhere is no duplicate here.
        here = [entry for entry in self.dropped[-200:-20] if entry["folder"] == str(folder or self.drop)]
        earlier = [entry["number"] for entry in here if entry["kind"] == "text"]
        if kind == "copy" and earlier:
            suffix, content, _ = self.make("text", chance.choice(earlier))
            titles, outcome = [], "duplicate"
        else:
            kind = "text" if kind == "copy" else kind
            suffix, content, titles = self.make(kind, number)
            outcome = {"bad": "quarantined", "broken lines": "partial"}.get(kind, "published")
        name = f"{number:06}{suffix}"
        entry = {
            "name": name,
            "folder": str(folder or self.drop),
            "number": number,
            "kind": kind,
            "titles": titles,
            "outcome": outcome,
            "sha256": hashlib.sha256(content).hexdigest(),
            "time": time.time(),
        }
        part = pathlib.Path(entry["folder"], f".{name}.part")
        try:
            part.write_bytes(content)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        os.chmod(part, 0o644)
        with open(self.ledger, "a") as ledger:
            ledger.write(json.dumps(entry) + "\n")
        part.rename(part.with_name(name))
        self.dropped.append(entry)

    def make(self, kind, number):
        """A file of a kind: the end of its name, its bytes, and the titles of its articles; the same each time."""
        return make(kind, number, random.Random(f"{self.seed}-{number}-{kind}"))


def make(kind, number, chance):
    title = f"{sentence(chance)[:-1]} {number}"
    paragraphs = [" ".join(sentence(chance) for _ in range(chance.randint(2, 6))) for _ in range(chance.randint(2, 6))]
    match kind:
        case "text":
            text = (
                f"{title}\n\n2026-04-01 05:30:00\n\nAbstract: {sentence(chance)}\n\n" + "\n\n".join(paragraphs) + "\n"
            )
            return ".txt", text.encode(), [title]
        case "snap":
            return ".txt", f"{title}\n".encode(), [title]
        case "page":
            body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
            page = (
                f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}"
            )
            return ".html", (page + "</article></body></html>").encode(), [title]
        case "mail":
            head = f"From: Ann Lee <ann@example.org>\r\nSubject: {title}\r\nMessage-ID: <{number}@example.org>\r\n"
            return ".eml", (head + "\r\n" + "\r\n\r\n".join(paragraphs) + "\r\n").encode(), [title]
        case "lines" | "broken lines":
            titles = [f"{title} part {part}" for part in range(1, 4)]
            lines = [json.dumps({"title": name, "body": "\n\n".join(paragraphs) + f" {name}."}) for name in titles]
            if kind == "broken lines":
                lines[1], titles = lines[1][:-20], [titles[0], titles[2]]
            return ".ndjson", ("\n".join(lines) + "\n").encode(), titles
        case "bad":
            return ".txt", f"{title}\n\n\0\0\0{number}".encode(), []


def sentence(chance):
    words = [chance.choice(WORDS) for _ in range(chance.randint(6, 16))]
    return " ".join(words).capitalize() + "."
