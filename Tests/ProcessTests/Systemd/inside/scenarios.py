"""What happens to installed services, one thing after the other under a steady load; runs on a machine of `machine.py`.

    scenarios.py --package FILE [--previous FILE] [--seed N] [--rounds N] [--rate N]

Whatever happens, everything that was dropped must come to its end soon after it is over, and once. Each round ends with
a loss of power; the next one, or what is checked at the end, begins with the next start of the machine. The first thing
that is not as it must be ends the run.
"""

import argparse
import collections
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import accounts
import producer
from services import (
    CONFIGURATION,
    STATUS,
    UNITS,
    WATCH,
    Journal,
    allow,
    are_active,
    drop_in,
    end_entries,
    how,
    install,
    install_package,
    last_words,
    main_processes,
    make_package,
    run,
    show,
    systemctl,
    text,
    wait_until_active,
    wait_until_replaced,
)
from trouble import Trouble, require, wait_until

OUTPUT = pathlib.Path("/output")
WORKERS_WITH_STATE = ["dropwire-deduplicate.service", "dropwire-index.service"]
STATE = pathlib.Path("/var/lib/dropwire")
DROP = pathlib.Path("/srv/dropwire/incoming")
SECOND = pathlib.Path("/srv/dropwire/second")
# What there is of work, by who does it, and what nobody does while one is frozen: summarizers share their work, and
# take none up that cannot be reported.
ALL_WORK = {"articles", *accounts.KINDS}
WORK_THAT_NEEDS = {
    "dropwire-deduplicate.service": "deduplicate",
    "dropwire-index.service": "index",
    STATUS: "summarize",
}
# In seconds. Who has nothing to do looks up every 5 s, and feeds the watchdog at a third of its interval: with less
# than 8 s it would end what moves, and on a busy machine with little more.
WATCHDOG = 15
# What the watcher says of a drop directory's disk.
FULL = "the file system is full"
# Short, so that what a killed summarizer had in hand is soon another one's.
SECTION = f"""\
[summarize]
lease = "5s"
[[watch.drop]]
path = "{DROP}"
language = "en"
"""


class Run:
    """What the scenarios share."""

    def __init__(self, options):
        self.options = options
        self.boot = int(os.environ["DROPWIRE_BOOT"])
        self.chance = random.Random(f"{options.seed}-{self.boot}")
        self.producer = producer.Producer(DROP, OUTPUT / "dropped.jsonl", options.seed)
        self.accounts = accounts.Accounts(self.producer)
        # What scenarios did to processes, also before the last loss of power: unit, how each ended, and with what.
        self.notes = OUTPUT / "ends.json"
        self.expected_ends = json.loads(self.notes.read_text()) if self.notes.exists() else []

    def expect_end(self, unit, code, status):
        """Notes down that a process of a unit is about to end so."""
        self.expected_ends.append([unit, code, str(status)])
        self.notes.write_text(json.dumps(self.expected_ends))

    def work_between(self, start, end):
        """What was done between two times: articles, and results by the kind of their workers."""
        self.accounts.articles.update()
        self.accounts.results.update()
        articles = [("articles", entry.time_ms) for entry in self.accounts.articles.entries]
        results = [(entry.record["kind"], entry.record["time_ms"]) for entry in self.accounts.results.entries]
        return {work for work, time_ms in articles + results if start < time_ms / 1000 < end}

    def settle(self, limit=120):
        """Waits until everything that was dropped is through."""
        end = time.monotonic() + limit
        while missing := self.accounts.missing():
            require(time.monotonic() < end, f"{limit} s after it was over these are missing: {missing}")
            time.sleep(0.1)

    def perform(self, scenario):
        """Lets a scenario happen while files come, and waits until all of them are through."""
        name = scenario.__name__.replace("_", " ")
        start, count = time.monotonic(), len(self.producer.dropped)
        self.producer.start(self.options.rate)
        try:
            scenario(self)
        finally:
            self.producer.stop()
        over = time.monotonic()
        self.settle()
        files, through = len(self.producer.dropped) - count, time.monotonic() - over
        print(f"{name}: {over - start:.1f} s, all of {files} files through {through:.1f} s later")


# MARK: The scenarios


def kill(world):
    """SIGKILL to each, in any order: systemd starts it again."""
    for unit in world.chance.sample(UNITS, len(UNITS)):
        journal, process = Journal(), show(unit, "MainPID")
        world.expect_end(unit, "killed", signal.SIGKILL.value)
        systemctl("kill", "--kill-whom=main", "--signal=KILL", unit)
        wait_until_replaced(unit, process)
        require(show(unit, "StatusText"), f"there is no line on {unit}")
        is_told = journal.says(unit, "Main process exited, code=killed, status=9/KILL")
        require(is_told, f"the journal does not tell that {unit} was killed")


def tell(world):
    """What systemctl shows of each follows what it does."""
    before = {unit: count_told(unit) for unit in UNITS}
    for unit in UNITS:
        wait_until(f"{unit} tells of more than {before[unit]}", lambda: count_told(unit) > before[unit])


def count_told(unit):
    """The number in the line of a unit that grows with what it does; 0 where it has just begun."""
    line = show(unit, "StatusText")
    require(line, f"there is no line on {unit}")
    counts = re.findall(r"(\d+) (?:articles since the start|results|done)\b", line)
    return int(counts[0]) if counts else 0


def freeze(world):
    """SIGSTOP to one, or in a longer run to each in turn, and to all: the watchdog ends what does not move, and systemd
    starts it again.

    What is told to print where it hangs goes on after that, since it can here, until it is killed.
    """
    count = 1 if world.options.rounds == 1 else len(UNITS)
    for unit in world.chance.sample(UNITS, count):
        freeze_alone(world, unit)
    watch_closely(UNITS)
    journal, processes = Journal(), main_processes()
    for unit in UNITS:
        stop_moving(world, unit)
    wait_until_replaced_by_watchdog(UNITS, journal, processes)


def freeze_alone(world, unit):
    """Freezes one, while the others go on. What a slow machine does not come to at first, it has more time for then."""
    for seconds in (WATCHDOG, 3 * WATCHDOG):
        idle = freeze_for(world, unit, seconds)
        if not idle:
            return
    raise Trouble(f"while {unit} was frozen for {seconds} s, there was nothing of {idle}")


def freeze_for(world, unit, seconds):
    """Freezes one until its watchdog is through with it; returns what the others did not do meanwhile."""
    watch_closely([unit], seconds)
    journal, processes = Journal(), main_processes()
    start = time.time()
    stop_moving(world, unit)
    # While no articles come there is nothing to do for others but to answer.
    answered = time_of_answers() if unit == WATCH else None
    end = wait_until_replaced_by_watchdog([unit], journal, processes)
    gone = {other for other, process in main_processes().items() if process != processes[other]}
    require(gone == {unit}, f"{unit} was frozen, and these were started again: {gone}")
    # Whoever has reported what it did after that has reported what it did before.
    wait_until("all do something again", lambda: ALL_WORK <= world.work_between(end, float("inf")))
    if answered is not None:
        return {"answers"} if answered > end else set()
    return ALL_WORK - {WORK_THAT_NEEDS.get(unit)} - world.work_between(start, end)


def time_of_answers():
    """When the status service and the index have both answered."""
    try:
        accounts.ask("/api/v1/status")
        accounts.ask("/api/v1/search?q=ba&limit=1")
    except OSError:
        return float("inf")
    return time.time()


def watch_closely(units, seconds=WATCHDOG):
    """Starts units again with a watchdog that waits for so long only."""
    drop_in(units, "watchdog.conf", f"[Service]\nWatchdogSec={seconds}\nTimeoutAbortSec=2\n")
    systemctl("restart", *units)


def wait_until_replaced_by_watchdog(units, journal, processes):
    """Waits until each was found frozen and started again, with a patient watchdog; returns when the last was found."""
    found = [int(journal.wait(unit, "Watchdog timeout")["__REALTIME_TIMESTAMP"]) / 1e6 for unit in units]
    drop_in(units, "watchdog.conf", "[Service]\nTimeoutAbortSec=2\n")
    for unit in units:
        wait_until_replaced(unit, processes[unit])
    drop_in(units, "watchdog.conf", None)
    return max(found)


def stop_moving(world, unit):
    world.expect_end(unit, "killed", signal.SIGKILL.value)
    systemctl("kill", "--kill-whom=main", "--signal=STOP", unit)


def order(world):
    """Services stop, start and restart in any order."""
    for _ in range(12):
        systemctl(world.chance.choice(["stop", "start", "restart"]), world.chance.choice(UNITS))
    for unit in world.chance.sample(UNITS, len(UNITS)):
        systemctl("start", unit)
    require(are_active(), "the units are not active when systemctl says so")


def reload(world):
    """Another configuration while they run, one that is wrong, and a start with that."""
    journal = Journal()
    allow(SECOND)
    more = SECTION + f'[[watch.drop]]\npath = "{SECOND}"\n'
    CONFIGURATION.write_text(more)
    systemctl("reload", WATCH)
    journal.wait(WATCH, "The configuration was reloaded.")
    require(journal.says(WATCH, "A drop directory was added."), "the journal does not tell of the directory")
    world.producer.drop_next(SECOND)
    wait_until("what is dropped there is taken", lambda: not list(SECOND.glob("[!.]*")))

    journal = Journal()
    CONFIGURATION.write_text(more.replace("language", "langage"))
    require(subprocess.run(["systemctl", "reload", WATCH]).returncode != 0, "systemctl says that it was reloaded")
    journal.wait(WATCH, "The configuration was not reloaded; the old one holds.")
    wait_until_told(WATCH, "langage")
    wait_until("the status says which key is wrong", lambda: "langage" in json.dumps(accounts.ask("/api/v1/status")))

    world.expect_end(WATCH, "exited", os.EX_CONFIG)
    systemctl("restart", WATCH, check=False)
    wait_until("the watcher has failed", lambda: show(WATCH, "ActiveState") == "failed")
    require(show(WATCH, "ExecMainStatus") == "78", "it did not end with 78")
    require(show(WATCH, "NRestarts") == "0", "systemd has started again what cannot start")
    journal.wait(WATCH, "The configuration is wrong; the process ends.")
    require(are_active([unit for unit in UNITS if unit != WATCH]), "others have ended with it")

    CONFIGURATION.write_text(SECTION)
    systemctl("start", WATCH)


def full_disk(world):
    """The disk with the state is full for a while."""
    journal = Journal()
    with full(STATE):
        journal.wait(WATCH, "No files are taken.")
        wait_until_told(WATCH, "free|full")
        for unit in WORKERS_WITH_STATE:
            journal.wait(unit, "The state cannot be written; the work waits.")
        require(are_active(), "not all services are active beside a full disk")
    journal.wait(WATCH, "Files are taken again.")
    for unit in WORKERS_WITH_STATE:
        journal.wait(unit, "The state is written again.")


def full_drop_disk(world):
    """The disk with the drop directory is full for a while: for who drops files, and for what is kept of a bad one."""
    journal, refusals = Journal(), world.producer.refusals
    run("dropwire", "pause", str(DROP))
    wait_until_told(WATCH, "paused")
    world.producer.drop_next(kind="bad")
    with full(DROP.parent):
        wait_until("there is no room for a file", lambda: world.producer.refusals > refusals)
        run("dropwire", "resume", str(DROP))
        journal.wait(WATCH, FULL)
        wait_until_told(WATCH, FULL)
        require(are_active(), "not all services are active beside a full drop directory")
    wait_until("the watcher has no trouble any more", lambda: FULL not in show(WATCH, "StatusText"))


@contextlib.contextmanager
def full(folder):
    """A file takes what room there is in a file system."""
    filler = folder / "filler"
    with open(filler, "wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    yield
    filler.unlink()


def wait_until_told(unit, pattern):
    """Waits until systemctl shows of a unit what matches."""
    wait_until(f"the line on {unit} has '{pattern}'", lambda: re.search(pattern, show(unit, "StatusText")))


def permissions(world):
    """The drop directory belongs to others for a while."""
    journal = Journal()
    shutil.chown(DROP, "root", "root")
    DROP.chmod(0o700)
    said = text(journal.wait(WATCH, "The directory is paused."))
    require("Permission denied" in said, f"the journal does not say why: {said}")
    shutil.chown(DROP, "dropwire", "dropwire")
    DROP.chmod(0o2770)
    journal.wait(WATCH, "The directory is looked at again.")


def upgrade(world):
    """The previous version of the package, and the present one in its place."""
    for package in (world.options.previous, world.options.package):
        processes = main_processes()
        install_package(package)
        for unit in UNITS:
            require(show(unit, "MainPID") not in ("0", processes[unit]), f"{unit} was not started again")
        require(are_active(), "the units are not active when the package is installed")


def lose_power(world):
    """Everything is killed at once while files come. This process, too."""
    world.producer.start(world.options.rate)
    count = len(world.producer.dropped) + world.chance.randint(10, 50)
    wait_until("files are dropped", lambda: len(world.producer.dropped) >= count)
    (OUTPUT / "power-off").touch()
    time.sleep(60)
    raise Trouble("the machine did not lose power")


def purge():
    """The package goes, with what it made; what was dropped stays."""
    files = {path for path in DROP.rglob("*") if path.is_file()}
    run("dpkg", "--purge", "dropwire")
    require({path for path in DROP.rglob("*") if path.is_file()} == files, "files of the drop directory are gone")
    require(not list(STATE.glob("*")), f"state was left: {list(STATE.glob('*'))}")
    drop_ins = list(pathlib.Path("/etc/systemd/system").glob("dropwire*.d/*"))
    require(not drop_ins, f"permissions were left: {drop_ins}")
    require(not pathlib.Path("/etc/dropwire/dropwire.toml").exists(), "the configuration was left")
    left = systemctl("list-units", "--all", "--plain", "--no-legend", "--state=active,failed", "dropwire*.service")
    require(left == "", f"units were left: {left}")


# MARK: The run


SCENARIOS = [tell, kill, freeze, order, reload, full_disk, full_drop_disk, permissions, upgrade]


def begin(world):
    """Installs the package, or goes on after the loss of power with what systemd has started by itself."""
    if world.boot == 1:
        install(world.options.package, DROP, SECTION)
        return
    world.producer.resume()
    wait_until_active()
    world.settle()
    print(f"after the loss of power: {world.accounts.check()}")


def perform_round(world):
    """Everything that can happen, in an order that is the same for the first round and any for later ones."""
    scenarios = SCENARIOS if world.boot == 1 else world.chance.sample(SCENARIOS, len(SCENARIOS))
    for scenario in scenarios:
        world.perform(scenario)
    print(world.accounts.check())


def check_ends(world):
    """No process has ended otherwise than the scenarios had it, unless it had a good reason."""
    unasked = [(unit, end) for unit in UNITS for end in end_entries(unit)]
    reasons = [(unit, reason_to_fail(world, end)) for unit, end in unasked]
    found = collections.Counter((unit, *how(end)) for (unit, end), (_, reason) in zip(unasked, reasons) if not reason)
    expected = collections.Counter(map(tuple, world.expected_ends))
    require(found == expected, f"processes ended so: {found - expected}, and not so: {expected - found}")
    for (unit, reason), count in collections.Counter(reasons).items():
        if reason:
            print(f"{unit} failed {count} times: {reason}")


def reason_to_fail(world, end):
    """Why a process may have failed (exit code 1) and be started again, by what it said; None where it may not."""
    if how(end) != ("exited", "1"):
        return None
    words = "\n".join(last_words(end))
    # That goes on for longer than a drain may take, and begins anew at the next start.
    is_upgrading = words.count("State of an earlier version is upgraded.") > words.count("The upgrade is done.")
    if "The drain was cut short." in words and is_upgrading:
        return "it was asked to end while it upgraded its state"
    return None


def make_previous(package):
    """The same package with a version that precedes every other one."""
    previous = pathlib.Path("/var/tmp/previous.deb")
    make_package(package, "0~previous", previous)
    return previous


def explain():
    """What the services say themselves, for whoever has to find out."""
    if not shutil.which("dropwire"):
        return
    for command in ["status", "failures list", "dead list", "group list"]:
        print(f"$ dropwire {command}\n" + run("dropwire", *command.split(), check=False))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", type=pathlib.Path, required=True)
    parser.add_argument("--previous", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--rate", type=float, default=10, help="files a second")
    options = parser.parse_args()
    world = Run(options)
    print(f"boot {world.boot}, seed {options.seed}")
    try:
        begin(world)
        if world.boot <= options.rounds:
            options.previous = options.previous or make_previous(options.package)
            perform_round(world)
            lose_power(world)
        check_ends(world)
        purge()
    except Trouble as trouble:
        explain()
        sys.exit(f"scenarios.py: {trouble}")


if __name__ == "__main__":
    main()
