"""The inside of `Tests/Load/soak.py`: a steady load, kills at random, and samples of what the services take.

soak.py --package FILE --seconds N --rate N --kill-every N --seed N
"""

import argparse
import collections
import contextlib
import csv
import os
import pathlib
import random
import statistics
import sys
import time

import accounts
import producer
import services
from trouble import Trouble, require, wait_until

OUTPUT, STATE = pathlib.Path("/output"), pathlib.Path("/var/lib/dropwire")
DROP = pathlib.Path("/srv/dropwire/incoming")
INTERVAL = 5
# What is kept, on disk and in memory, is full within the first quarter of an hour, and again soon after a kill.
CONFIGURATION = f"""\
[watch.stream]
retention = "5m"
ring_bytes = "1MiB"
[deduplicate]
window = "5m"
[deduplicate.stream]
retention = "5m"
ring_bytes = "1MiB"
[index.stream]
retention = "5m"
[status]
max_bytes = "16MiB"
[status.stream]
retention = "5m"
ring_bytes = "1MiB"
[summarize]
lease = "5s"
[[watch.drop]]
path = "{DROP}"
language = "en"
after = "delete"
"""


class Soak:
    """The run: a producer, kills, and samples."""

    def __init__(self, options):
        self.options = options
        self.chance = random.Random(options.seed)
        self.producer = producer.Producer(DROP, OUTPUT / "dropped.jsonl", options.seed)
        self.accounts = accounts.Accounts(self.producer)
        self.samples = csv.writer(open(OUTPUT / "samples.csv", "w", buffering=1))
        self.kills = collections.Counter()
        # What each process has taken of a processor, in seconds.
        self.busy = {}
        # How far the logs were looked at, and when each article was dropped and logged.
        self.seen = [0, 0]
        self.dropped_count = 0
        self.dropped, self.logged = {}, {}

    def run(self):
        print(f"seed {self.options.seed}")
        services.install(self.options.package, DROP, CONFIGURATION)
        self.start = time.time()
        self.producer.start(self.options.rate)
        next_kill, next_sample, next_discard = self.pause(), 0, 60
        while (now := time.time() - self.start) < self.options.seconds:
            if now >= next_sample:
                self.sample(now)
                next_sample += INTERVAL
            if now >= next_kill:
                unit = self.chance.choice(services.UNITS)
                services.systemctl("kill", "--kill-whom=main", "--signal=KILL", unit)
                self.kills[unit] += 1
                self.write(now, "kill", unit, 1)
                next_kill = now + self.pause()
            if now >= next_discard:
                # What cannot be taken is kept for ever, so somebody has to look after it.
                services.run("dropwire", "quarantine", "discard", "--all", check=False)
                next_discard += 60
            time.sleep(max(0, min(next_sample, next_kill, next_discard) - (time.time() - self.start)))
        self.producer.stop()
        wait_until("everything is through", self.accounts.are_settled, 120)
        print(self.accounts.check_logs(self.accounts.articles, self.accounts.results))
        found = collections.Counter((unit, *end) for unit in services.UNITS for end in services.ends(unit))
        expected = collections.Counter({(unit, "killed", "9"): count for unit, count in self.kills.items()})
        require(found == expected, f"processes ended so: {found}, and not so: {expected}")
        print(f"{self.kills.total()} kills, and no other end of a process")

    def pause(self):
        return self.chance.expovariate(1 / self.options.kill_every) if self.options.kill_every else float("inf")

    def write(self, now, what, of, value):
        self.samples.writerow([f"{now:.1f}", what, of, value])

    def sample(self, now):
        for unit in services.UNITS:
            process = services.show(unit, "MainPID")
            # One that was just killed is not there.
            with contextlib.suppress(OSError, ValueError, KeyError):
                folder = pathlib.Path("/proc", process)
                status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines())
                memory = int(status["VmRSS"].split()[0]) / 1000
                descriptors = len(os.listdir(folder / "fd"))
                self.write(now, "memory", unit, f"{memory:.2f}")
                self.write(now, "descriptors", unit, descriptors)
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
                self.busy[process] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        self.write(now, "processor", "all", f"{sum(self.busy.values()):.2f}")
        for folder in [*STATE.iterdir(), DROP]:
            self.write(now, "disk", folder.name, f"{disk_usage(folder):.3f}")
        self.sample_latency(now)

    def sample_latency(self, now):
        """How long after its drop each article was logged, and had each result; of those since the last sample."""
        self.accounts.articles.update()
        self.accounts.results.update()
        for entry in self.producer.dropped[self.dropped_count :]:
            self.dropped_count += 1
            for title in entry["titles"]:
                self.dropped[title] = entry["time"]
        took = collections.defaultdict(list)
        new = self.accounts.articles.entries[self.seen[0] :]
        for entry in new:
            if entry.record["type"] == "article":
                self.logged[entry.seq] = self.dropped[entry.record["title"]]
                took["log"].append(entry.time_ms / 1000 - self.logged[entry.seq])
        self.seen[0] += len(new)
        new = self.accounts.results.entries[self.seen[1] :]
        for count, entry in enumerate(new):
            # One that came between the two updates has its turn next time.
            if entry.record["seq"] not in self.logged:
                new = new[:count]
                break
            took[entry.record["kind"]].append(entry.time_ms / 1000 - self.logged[entry.record["seq"]])
        self.seen[1] += len(new)
        for stage, times in took.items():
            self.write(now, "count", stage, len(times))
            self.write(now, "latency", stage, f"{statistics.median(times) * 1000:.1f}")
            self.write(now, "latency at most", stage, f"{max(times) * 1000:.1f}")


def disk_usage(folder):
    """What the files below a folder take, in megabytes."""
    size = 0
    for path in folder.rglob("*"):
        # Files come and go meanwhile.
        with contextlib.suppress(FileNotFoundError):
            size += path.lstat().st_blocks * 512
    return size / 1e6


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--rate", type=float, required=True)
    parser.add_argument("--kill-every", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    try:
        Soak(parser.parse_args()).run()
    except Trouble as trouble:
        sys.exit(f"soak.py: {trouble}")


if __name__ == "__main__":
    main()
