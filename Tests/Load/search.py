#!/usr/bin/env python3
"""How long searches take while as many articles are taken in as the machine can.

    Tests/Load/search.py --program .build/release/dropwire --scratch DIR [--articles 100000] [--seconds 25] [--clients 2]

It makes up articles whose words are as common as words are (Zipf), has the first half taken in and indexed, asks alone,
then drops the second half and asks while it is taken in; `up` runs all processes. wrk (Debian's package) asks: half of
the searches are for one word, the others for two, or for two in a row. The scratch directory stays.
"""

import argparse
import bisect
import itertools
import json
import os
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
import urllib.request

VOCABULARY = 30_000
SCRIPT = """
local searches = {}
for line in io.lines("%s") do searches[#searches + 1] = line end
local next = 0
request = function()
  next = next %% #searches + 1
  return wrk.format("GET", searches[next])
end
"""


class Writer:
    """Makes up articles."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        letters = random.Random(0)
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self.words = ["".join(letters.choices(syllables, k=letters.randint(1, 4))) + str(n % 10 or "")
                      for n in range(VOCABULARY)]
        self.weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(VOCABULARY)))

    def text(self, count):
        top = self.weights[-1]
        return [self.words[bisect.bisect(self.weights, self.chance.random() * top)] for _ in range(count)]

    def article(self, number):
        paragraphs = [" ".join(self.text(self.chance.randint(30, 90))) + "." for _ in range(self.chance.randint(2, 5))]
        moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1_700_000_000 + number * 60))
        return f"{' '.join(self.text(8))} {number}\n\n{moment}\n\n" + "\n\n".join(paragraphs) + "\n"

    def drop(self, folder, numbers):
        """Writes articles beside the drop directory; a thousand in a folder."""
        for number in numbers:
            place = folder / str(number // 1000)
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{number}.txt").write_text(self.article(number))

    def searches(self, count):
        """Addresses; the words are as common as those that people search for: neither the commonest nor unheard of."""
        for _ in range(count):
            first, second = (self.words[int(20 * 100 ** self.chance.random())] for _ in range(2))
            kind = self.chance.random()
            yield "/api/v1/search?q=" + (
                first if kind < 0.5 else f"{first}+{second}" if kind < 0.8 else f"%22{first}+{second}%22")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True)
    parser.add_argument("--scratch", type=pathlib.Path, required=True)
    parser.add_argument("--articles", type=int, default=100_000, help="indexed before it asks, and again while it asks")
    parser.add_argument("--seconds", type=int, default=25)
    parser.add_argument("--clients", type=int, default=2)
    options = parser.parse_args()
    scratch = options.scratch.absolute()
    writer = Writer(1)
    for name in ["drop", "run", "state"]:
        (scratch / name).mkdir(parents=True)
    streams = "".join(
        f'[{name}.stream]\nfeed = ["ipc://{scratch}/run/{name}-feed"]\nlog = ["ipc://{scratch}/run/{name}-log"]\n'
        for name in ["watch", "deduplicate", "index", "status"])
    (scratch / "dropwire.toml").write_text(
        f'state_directory = "{scratch}/state"\nruntime_directory = "{scratch}/run"\n'
        f'[[watch.drop]]\npath = "{scratch}/drop"\n[status]\nhttp = "127.0.0.1:0"\n{streams}')
    print(f"making up {2 * options.articles:,} articles", flush=True)
    writer.drop(scratch / "first", range(options.articles))
    writer.drop(scratch / "second", range(options.articles, 2 * options.articles))
    (scratch / "searches").write_text("\n".join(writer.searches(5000)) + "\n")
    (scratch / "searches.lua").write_text(SCRIPT % (scratch / "searches"))
    with open(scratch / "up.log", "w") as log:
        up = subprocess.Popen(
            [options.program, "up", "--config", scratch / "dropwire.toml"], stdout=log, stderr=log,
            env=dict(os.environ, XDG_RUNTIME_DIR=str(scratch / "run")))
    try:
        address = wait("the page is served", lambda: served(scratch / "up.log"), 60)
        (scratch / "first").rename(scratch / "drop/first")
        start = time.monotonic()
        wait("the first half is indexed", lambda: indexed(address) >= options.articles, 3600)
        print(f"{options.articles / (time.monotonic() - start):,.0f} articles a second through all processes")
        ask(address, scratch, options, "alone", seconds=5)
        ask(address, scratch, options, "alone")
        (scratch / "second").rename(scratch / "drop/second")
        wait("the second half comes in", lambda: indexed(address) > options.articles, 60)
        before, start = indexed(address), time.monotonic()
        ask(address, scratch, options, "beside intake")
        after = indexed(address)
        print(f"{(after - before) / (time.monotonic() - start):,.0f} articles a second were indexed meanwhile")
        if after >= 2 * options.articles:
            sys.exit("the second half was through before the asking was: give it more articles")
    finally:
        up.send_signal(signal.SIGTERM)
        up.wait(timeout=60)


def served(log):
    found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
    return found and found.group(0)


def indexed(address):
    with urllib.request.urlopen(address + "/api/v1/status", timeout=30) as reply:
        return json.load(reply)["results"].get("index", {}).get("ok", 0)


def wait(what, condition, seconds):
    end = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > end:
            raise SystemExit(f"waited {seconds} s in vain: {what}")
        time.sleep(0.5)
    return value


def ask(address, scratch, options, what, seconds=None):
    output = subprocess.run(
        ["wrk", "-t1", f"-c{options.clients}", f"-d{seconds or options.seconds}s", "--latency", "-s",
         scratch / "searches.lua", address], capture_output=True, text=True, check=True).stdout
    times = "  ".join(f"p{part} {time}" for part, time in re.findall(r"(50|90|99)%\s+(\S+)", output))
    rate = re.search(r"Requests/sec:\s+(\S+)", output).group(1)
    wrong = re.search(r"Non-2xx.*", output)
    print(f"search, {what:14} {float(rate):6.0f} a second  {times}" + (f"  {wrong.group(0)}" if wrong else ""), flush=True)


main()
