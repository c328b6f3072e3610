#!/usr/bin/env python3
"""Two versions of Dropwire side by side on the same state: an upgrade, one process after the other, under load.

    Tests/Load/versions.py --old PROGRAM --new PROGRAM --scratch DIR [--rounds 5] [--seed 1] [--articles 100]

In each round all processes begin with the old program and an empty state, and are replaced in an order of chance, by
SIGTERM or SIGKILL, while articles are dropped. After each one every article has to be in the log once, with one result of
each worker. At the end the old program has to refuse the state that the new one has upgraded, where that has another
version, with a reason and without harm. Both programs must know the configuration that this script writes.
"""

import argparse
import json
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

ROLES = {
    "status": ["status", "--serve"],
    "watch": ["watch"],
    "deduplicate": ["deduplicate"],
    "index": ["index"],
    "summarize": ["summarize"],
}
RESULTS = ("deduplicate", "index", "summarize")
WORDS = "market council river minister storm factory harbour election museum budget railway hospital".split()


class Trouble(Exception):
    """What should not be."""


class Installation:
    """A scratch directory with state, sockets and a drop directory, and the processes on it."""

    def __init__(self, folder, chance):
        self.folder = folder
        self.chance = chance
        self.processes = {}
        self.dropped = 0
        for name in ("state", "run", "drop"):
            (folder / name).mkdir(parents=True)
        lines = [f'state_directory = "{folder}/state"', f'runtime_directory = "{folder}/run"', "[status]"]
        lines += ['http = "127.0.0.1:0"', "[[watch.drop]]", f'path = "{folder}/drop"', 'language = "en"']
        for role in ("watch", "deduplicate", "index", "status"):
            lines += [f"[{role}.stream]"]
            lines += [f'{name} = ["ipc://{folder}/run/{role}-{name}.sock"]' for name in ("feed", "log")]
        self.configuration = folder / "dropwire.toml"
        self.configuration.write_text("\n".join(lines) + "\n")

    def command(self, role, program):
        return [program, *ROLES[role], "--config", self.configuration]

    def start(self, role, program):
        with open(self.folder / f"{role}.log", "a") as log:
            self.processes[role] = subprocess.Popen(
                self.command(role, program), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def end(self, role, how=signal.SIGTERM):
        """Ends a process; one that was asked to must end well."""
        process = self.processes.pop(role)
        process.send_signal(how)
        code = process.wait(60)
        if code != (0 if how == signal.SIGTERM else -how):
            raise Trouble(f"{role} ended with {code} by {how.name}; see {self.folder}/{role}.log")

    def drop(self, count):
        for _ in range(count):
            self.dropped += 1
            words = " ".join(f"{self.chance.choice(WORDS)}{self.chance.randrange(100)}" for _ in range(120))
            part = self.folder / "drop" / f".{self.dropped}.part"
            part.write_text(f"Headline {self.dropped}\n\n{words}.\n")
            part.rename(self.folder / "drop" / f"{self.dropped}.txt")

    def records(self, database, kind):
        connection = sqlite3.connect(f"file:{self.folder}/state/{database}?mode=ro", uri=True, timeout=10)
        try:
            rows = [(seq, json.loads(record)) for seq, record in connection.execute("SELECT seq, rec FROM log")]
        finally:
            connection.close()
        return [(seq, record) for seq, record in rows if record.get("type") == kind]

    def settle(self, limit=120):
        """Waits until everything that was dropped is through, once."""
        end = time.monotonic() + limit
        missing = "all"
        while missing:
            if time.monotonic() > end:
                raise Trouble(f"after {limit} s these are missing: {missing}")
            time.sleep(0.3)
            try:
                articles = self.records("watch/log.sqlite", "article")
                results = [(r["seq"], r["kind"]) for _, r in self.records("status/results.sqlite", "result")]
            except sqlite3.OperationalError:
                # Not made yet.
                continue
            if len({record["id"] for _, record in articles}) != len(articles) or len(articles) > self.dropped:
                raise Trouble("an article is in the log twice")
            if len(set(results)) != len(results):
                raise Trouble("an article has a result twice")
            missing = {(seq, kind) for seq, _ in articles for kind in RESULTS} - set(results)
            missing = missing or {f"article {n + 1}" for n in range(len(articles), self.dropped)}
        return len(articles), len(results)


def perform(folder, options, chance):
    place = Installation(folder, chance)
    try:
        for role in ROLES:
            place.start(role, options.old)
        place.drop(options.articles)
        place.settle()
        for role in chance.sample(list(ROLES), len(ROLES)):
            how = chance.choice([signal.SIGTERM, signal.SIGKILL])
            place.drop(options.articles)
            # In the middle of the work.
            time.sleep(chance.random())
            place.end(role, how)
            place.drop(options.articles)
            place.start(role, options.new)
            articles, results = place.settle()
            print(f"  {role} replaced by {how.name}: {articles} articles, {results} results, each once", flush=True)
        for role in ROLES:
            place.end(role)
            try:
                refused = subprocess.run(place.command(role, options.old), capture_output=True, text=True, timeout=5)
            except subprocess.TimeoutExpired:
                # It knows the state.
                continue
            if refused.returncode == 0 or not refused.stderr.strip():
                raise Trouble(f"the old {role} ended with {refused.returncode} and this: {refused.stderr}")
            print(f"  the old one refuses: {refused.stderr.strip().splitlines()[-1]}")
        for role in ROLES:
            place.start(role, options.new)
        place.drop(options.articles)
        print("  and after that: %d articles, %d results, each once" % place.settle())
    finally:
        for role in list(place.processes):
            place.end(role)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--old", type=pathlib.Path, required=True)
    parser.add_argument("--new", type=pathlib.Path, required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--articles", type=int, default=100, help="dropped before and after each process is replaced")
    options = parser.parse_args()
    for number in range(options.rounds):
        seed = options.seed + number
        folder = options.scratch.resolve() / f"round-{seed}"
        shutil.rmtree(folder, ignore_errors=True)
        print(f"round {number + 1}, seed {seed}")
        try:
            perform(folder, options, random.Random(seed))
        except Trouble as trouble:
            sys.exit(f"versions.py: {trouble}")


if __name__ == "__main__":
    main()
