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
import shutil
import signal
import subprocess
import sys
import time

import accounts
import producer
from services import (
    CONFIGURATION,
    UNITS,
    WATCH,
    Journal,
    are_active,
    drop_in,
    ends,
    give_away,
    install,
    install_package,
    make_drop_directory,
    run,
    show,
    systemctl,
    text,
    wait_until_active,
    wait_until_replaced,
)
from trouble import Trouble, require, wait_until

OUTPUT = pathlib.Path("/output")
STATE = pathlib.Path("/var/lib/dropwire")
DROP = pathlib.Path("/srv/dropwire/incoming")
SECOND = pathlib.Path("/srv/dropwire/second")
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
        # What the scenarios did to processes, also before the last loss of power: unit, how each ended, and with what.
        self.notes = OUTPUT / "ends.json"
        self.expected_ends = json.loads(self.notes.read_text()) if self.notes.exists() else []

    def expect_end(self, unit, code, status):
        """Notes down that a process of a unit is about to end so."""
        self.expected_ends.append([unit, code, str(status)])
        self.notes.write_text(json.dumps(self.expected_ends))

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
        is_told = journal.says(unit, "Main process exited, code=killed, status=9/KILL")
        require(is_told, f"the journal does not tell that {unit} was killed")


def freeze(world):
    """SIGSTOP to all: the watchdog ends what does not move, and systemd starts it again.

    What is told to print where it hangs goes on after that, since it can here, until it is killed.
    """
    drop_in(UNITS, "watchdog.conf", "[Service]\nWatchdogSec=6\nTimeoutAbortSec=2\n")
    systemctl("restart", *UNITS)
    journal = Journal()
    processes = {unit: show(unit, "MainPID") for unit in UNITS}
    for unit in UNITS:
        world.expect_end(unit, "killed", signal.SIGKILL.value)
        systemctl("kill", "--kill-whom=main", "--signal=STOP", unit)
    for unit in UNITS:
        journal.wait(unit, "Watchdog timeout")
        wait_until_replaced(unit, processes[unit])
    drop_in(UNITS, "watchdog.conf", None)
    systemctl("restart", *UNITS)


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
    make_drop_directory(SECOND)
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
    wait_until("the status says which key is wrong", lambda: "langage" in json.dumps(accounts.ask("/api/v1/status")))

    world.expect_end(WATCH, "exited", os.EX_CONFIG)
    systemctl("restart", WATCH, check=False)
    wait_until("the watcher has failed", lambda: show(WATCH, "ActiveState") == "failed", 10)
    require(show(WATCH, "ExecMainStatus") == "78", "it did not end with 78")
    require(show(WATCH, "NRestarts") == "0", "systemd has started again what cannot start")
    require(journal.says(WATCH, "langage"), "the journal does not say which key is wrong")
    require(are_active([unit for unit in UNITS if unit != WATCH]), "others have ended with it")

    CONFIGURATION.write_text(SECTION)
    systemctl("start", WATCH)


def full_disk(world):
    """The disk with the state is full for a while."""
    journal = Journal()
    filler = STATE / "filler"
    with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(1 << 16))
    journal.wait(WATCH, "No files are taken.")
    # Who does not look before it writes has the time to run into it.
    time.sleep(2)
    filler.unlink()
    journal.wait(WATCH, "Files are taken again.")


def permissions(world):
    """The drop directory belongs to others for a while."""
    journal = Journal()
    shutil.chown(DROP, "root", "root")
    DROP.chmod(0o700)
    said = text(journal.wait(WATCH, "The directory is paused."))
    require("Permission denied" in said, f"the journal does not say why: {said}")
    give_away(DROP)
    journal.wait(WATCH, "The directory can be read again.")


def upgrade(world):
    """The previous version of the package, and the present one in its place."""
    for package in (world.options.previous, world.options.package):
        processes = {unit: show(unit, "MainPID") for unit in UNITS}
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
    require(not pathlib.Path("/etc/dropwire/dropwire.toml").exists(), "the configuration was left")
    left = systemctl("list-units", "--all", "--plain", "--no-legend", "--state=active,failed", "dropwire*.service")
    require(left == "", f"units were left: {left}")


# MARK: The run


SCENARIOS = [kill, freeze, order, reload, full_disk, permissions, upgrade]


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
    """No process has ended otherwise than the scenarios had it; who cannot write to a full disk may end, and come back."""
    found = collections.Counter((unit, *end) for unit in UNITS for end in ends(unit))
    expected = collections.Counter(map(tuple, world.expected_ends))
    for unit in UNITS:
        found.pop((unit, "exited", "1"), None)
    require(found == expected, f"processes ended so: {found - expected}, and not so: {expected - found}")


def make_previous(package):
    """The same package with a version that precedes every other one."""
    tree, previous = pathlib.Path("/var/tmp/previous"), pathlib.Path("/var/tmp/previous.deb")
    shutil.rmtree(tree, ignore_errors=True)
    run("dpkg-deb", "--raw-extract", str(package), str(tree))
    control = tree / "DEBIAN/control"
    lines = control.read_text().splitlines()
    lines = ["Version: 0~previous" if line.startswith("Version:") else line for line in lines]
    control.write_text("\n".join(lines) + "\n")
    run("dpkg-deb", "-Znone", "--build", str(tree), str(previous))
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
