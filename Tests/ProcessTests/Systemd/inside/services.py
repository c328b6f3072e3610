"""The services as systemd has them, and what the journal says of them."""

import json
import pathlib
import re
import shutil
import subprocess
import time

from trouble import Trouble, require, wait_until

CONFIGURATION = pathlib.Path("/etc/dropwire/conf.d/test.toml")
WATCH, STATUS = "dropwire-watch.service", "dropwire-status.service"
UNITS = [
    STATUS,
    WATCH,
    "dropwire-deduplicate.service",
    "dropwire-index.service",
    "dropwire-summarize@1.service",
    "dropwire-summarize@2.service",
]


def run(*command, check=True):
    """Runs a program; returns what it wrote to standard output, or fails with what it said."""
    result = subprocess.run(command, capture_output=True, text=True)
    if check and result.returncode != 0:
        raise Trouble(f"{' '.join(command)} ended with {result.returncode}: {result.stdout}{result.stderr}")
    return result.stdout


def systemctl(*arguments, check=True):
    return run("systemctl", *arguments, check=check)


def show(unit, name):
    """A property of a unit."""
    return systemctl("show", "--value", "--property", name, unit).strip()


def main_processes(units=UNITS):
    return {unit: show(unit, "MainPID") for unit in units}


def are_active(units=UNITS):
    return all(show(unit, "ActiveState") == "active" for unit in units)


def wait_until_active(units=UNITS):
    wait_until(f"{' '.join(units)} are active", lambda: are_active(units))


def install_package(package):
    # This machine's disk is memory: what dpkg would sync first is what others write to the host's.
    run("dpkg", "--force-unsafe-io", "--install", str(package))


def make_package(package, version, output):
    """Makes of a package the same one with another version."""
    tree = pathlib.Path("/var/tmp/package")
    run("dpkg-deb", "--raw-extract", str(package), str(tree))
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"(?m)^Version: .*$", f"Version: {version}", control.read_text()))
    run("dpkg-deb", "-Znone", "--build", str(tree), str(output))
    shutil.rmtree(tree)


def install(package, drop, configuration):
    """Installs the package, makes a drop directory, and enables everything."""
    install_package(package)
    allow(drop)
    CONFIGURATION.write_text(configuration)
    systemctl("enable", "--now", "dropwire.target", *UNITS)
    require(are_active(), "the units are not active when systemctl says so")


def allow(directory):
    """Makes a drop directory and lets the watcher use it, as an operator does."""
    run("dropwire", "allow", str(directory))


def drop_in(units, name, content):
    """Writes a drop-in of units, or removes it."""
    for unit in units:
        path = pathlib.Path(f"/etc/systemd/system/{unit}.d/{name}")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content) if content else path.unlink()
    systemctl("daemon-reload")


def wait_until_replaced(unit, process):
    """Waits until the unit is active with another process."""
    wait_until(f"{unit} is started again", lambda: show(unit, "MainPID") not in ("0", process) and are_active([unit]))


class Journal:
    """What the journal has from now on."""

    def __init__(self):
        self.start = time.time()

    def entries(self, unit):
        """What a unit and systemd have said about it since then."""
        # Not by a cursor: systemd 252 passes over the first entry behind one of another unit.
        output = run("journalctl", "-q", "-o", "json", "-u", unit, f"--since=@{int(self.start)}")
        entries = [json.loads(line) for line in output.splitlines()]
        return [entry for entry in entries if int(entry["__REALTIME_TIMESTAMP"]) >= self.start * 1e6]

    def says(self, unit, words):
        return any(words in text(entry) for entry in self.entries(unit))

    def wait(self, unit, words, limit=60):
        """Waits until there is an entry with these words in it, and returns it."""

        def found():
            return next((entry for entry in self.entries(unit) if words in text(entry)), None)

        return wait_until(f"the journal has '{words}' of {unit}", found, limit)


def text(entry):
    message = entry.get("MESSAGE")
    return message if isinstance(message, str) else ""


def ends(unit):
    """How processes of a unit ended unasked, by the whole journal: ("killed", "9") and so on."""
    return [how(entry) for entry in end_entries(unit)]


def how(end):
    """Of an entry on the end of a process: how it ended."""
    return end["EXIT_CODE"], end["EXIT_STATUS"]


def end_entries(unit):
    """What systemd has said of processes of a unit that ended unasked, by the whole journal."""
    # Of ExecReload, which may fail, it is told in the same way.
    return search_journal(f"UNIT={unit}", "MESSAGE_ID=98e322203f7a4ed290d09fe03c09fe15", "COMMAND=ExecStart")


def last_words(end):
    """What the process itself has said, of whose end an entry tells."""
    return [text(entry) for entry in search_journal(f"_SYSTEMD_INVOCATION_ID={end['INVOCATION_ID']}")]


def search_journal(*matches):
    """The entries of the whole journal with these fields."""
    return [json.loads(line) for line in run("journalctl", "-q", "-o", "json", *matches).splitlines()]
