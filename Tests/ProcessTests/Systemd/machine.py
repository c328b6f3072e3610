#!/usr/bin/env python3
"""A machine of a test's own: systemd, booted in a container on an overlay of this one's root.

    machine.py [OPTIONS] --output DIR [--] COMMAND [ARGUMENT…]     boots it, runs COMMAND there, and ends with its status
    machine.py --probe                                             says why there can be none, and ends with 1 then

COMMAND runs as root, as a service. DIR is `/output` there: what it writes to standard output and error is `output.log` in
it (and comes out here, too), and the machine's journal is `journal/`. The directory of this file is `/tests/scripts`.
Nothing of this machine is changed: what is written goes to memory, and to volumes, which outlive a loss of power.

    --volume PATH=SIZE     PATH is a file system of its own there, of that size
    --file PATH=FILE       FILE of this machine, or a directory, is PATH there
    --limit SECONDS        the machine is switched off then, and that is a failure

A COMMAND that writes the file `/output/power-off` is killed with everything else there: power is lost. The machine
boots again with what was on its disks, and COMMAND runs anew; DROPWIRE_BOOT in its environment is how often it booted.

All processes are in a PID namespace of their own, so that none outlives this one, however it ends; the mounts go with
them, and so do the directories of the cgroup. Where standard input is a pipe, its end ends everything, too.
"""

import argparse
import ctypes
import os
import pathlib
import select
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
CGROUPS = pathlib.Path("/sys/fs/cgroup")
NAME = "dropwire-machine"
PROGRAMS = ["unshare", "systemd-nspawn", "mount", "journalctl"]
UNSHARE = "unshare --mount --pid --fork --kill-child --mount-proc"
NSPAWN = f"systemd-nspawn --quiet --machine={NAME} --boot --private-network --register=no --keep-unit --console=pipe"
PR_SET_PDEATHSIG = 1
UNIT = """\
[Unit]
SuccessAction=exit-force
FailureAction=exit-force

[Service]
Type=exec
ExecStart=/tests/command
Environment=DROPWIRE_BOOT={boot} PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
StandardOutput=append:/output/output.log
StandardError=inherit
TimeoutStopSec=5

[Install]
WantedBy=multi-user.target
"""


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--probe", action="store_true")
    parser.add_argument("--output", type=pathlib.Path)
    parser.add_argument("--volume", action="append", default=[], metavar="PATH=SIZE")
    parser.add_argument("--file", action="append", default=[], metavar="PATH=FILE")
    parser.add_argument("--limit", type=float, default=600, metavar="SECONDS")
    # What this program tells itself when it begins anew in namespaces of its own.
    parser.add_argument("--scratch", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*")
    options = parser.parse_args()
    if not options.probe and not (options.output and options.command):
        parser.error("an output directory and a command are needed")
    return options


def main():
    options = parse_arguments()
    if options.scratch:
        boot_until_done(options)
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if os.geteuid() != 0:
        sys.exit("machine.py: only root can boot a machine")
    if missing:
        sys.exit(f"machine.py: {', '.join(missing)} cannot be found")
    if options.probe:
        probe()
        return
    sys.exit(supervise(options))


def probe():
    """Ends with the reason where an overlay of the root cannot be mounted here."""
    remove_left()
    with tempfile.TemporaryDirectory(prefix=f"{NAME}-") as scratch:
        steps = f"mount -t tmpfs tmpfs {scratch} && cd {scratch} && mkdir up work root && {overlay(scratch)}"
        result = subprocess.run(
            ["unshare", "--mount", "--pid", "--fork", "sh", "-c", steps], capture_output=True, text=True
        )
    if result.returncode != 0:
        sys.exit(f"machine.py: {result.stderr.strip()}")


def overlay(scratch):
    return f"mount -t overlay overlay -o lowerdir=/,upperdir={scratch}/up,workdir={scratch}/work {scratch}/root"


# MARK: Outside: whoever waits for the end and tidies up behind it


def supervise(options):
    """Runs this program in namespaces of its own; returns the status of COMMAND."""
    output = options.output.resolve()
    output.mkdir(parents=True, exist_ok=True)
    (output / "journal").mkdir(exist_ok=True)
    (output / "output.log").touch()
    remove_left()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Its name, that of the cgroup, says whose it is.
    scratch = pathlib.Path(tempfile.mkdtemp(prefix=f"{NAME}-{os.getpid()}-"))
    child = None
    try:
        child = subprocess.Popen(
            [*UNSHARE.split(), sys.executable, "-B", __file__, "--scratch", str(scratch), *sys.argv[1:]],
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_parent,
        )
        status = follow(child, output / "output.log", options.limit)
    finally:
        if child:
            child.kill()
            child.wait()
        remove_cgroup(scratch.name)
        scratch.rmdir()
    if status != 0:
        print(f"machine.py: the status is {status}; the end of the journal:", file=sys.stderr)
        journal = ["journalctl", "-D", str(output / "journal"), "-o", "short-precise", "--no-pager", "-q", "-n", "60"]
        sys.stderr.flush()
        subprocess.run(journal, stdout=sys.stderr)
    return status


def die_with_parent():
    """What is killed without a word takes the child with it, and the child its namespaces."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def follow(child, log, limit):
    """Passes the output on until the child ends, standard input does, or the limit is over; returns the status."""
    is_pipe = stat.S_ISFIFO(os.fstat(0).st_mode)
    end = time.monotonic() + limit
    with open(log, "rb") as stream:
        while True:
            status = child.poll()
            sys.stdout.buffer.write(stream.read())
            sys.stdout.buffer.flush()
            if status is not None:
                return status
            if time.monotonic() > end:
                print(f"machine.py: switched off after {limit:.0f} s", file=sys.stderr)
                return 124
            if is_pipe and select.select([0], [], [], 0.05)[0]:
                if not os.read(0, 4096):
                    return 125
            elif not is_pipe:
                time.sleep(0.05)


# MARK: Control groups: the machine has a directory of its own in each hierarchy that systemd uses


def hierarchies():
    """The directories below which this process may make its own: systemd's hierarchy, and the unified one."""
    for line in open("/proc/self/cgroup"):
        _, controllers, path = line.rstrip("\n").split(":", 2)
        if controllers == "name=systemd":
            yield CGROUPS / "systemd" / path.strip("/")
        elif controllers == "":
            root = CGROUPS / "unified"
            yield (root if root.is_dir() else CGROUPS) / path.strip("/")


def enter_cgroup(name):
    for hierarchy in list(hierarchies()):
        folder = hierarchy / name
        folder.mkdir()
        (folder / "cgroup.procs").write_text(str(os.getpid()))


def remove_cgroup(name):
    """Removes them once they are empty: the processes were killed, and go in their own time."""
    end = time.monotonic() + 10
    for hierarchy in hierarchies():
        root = hierarchy / name
        while root.exists():
            try:
                for folder, _, _ in os.walk(root, topdown=False):
                    os.rmdir(folder)
            except FileNotFoundError:
                pass
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)


def remove_left():
    """Removes what machines have left whose supervisor was killed: empty directories."""
    for folder in pathlib.Path(tempfile.gettempdir()).glob(f"{NAME}-*-*"):
        if is_left(folder):
            folder.rmdir()
    for hierarchy in hierarchies():
        for folder in hierarchy.glob(f"{NAME}-*-*"):
            if is_left(folder):
                remove_cgroup(folder.name)


def is_left(folder):
    return not os.path.exists("/proc/" + folder.name.removeprefix(NAME).split("-")[1])


# MARK: Inside the namespaces: the disks, and the machine that is booted from them


def boot_until_done(options):
    """Makes the disks, boots until COMMAND has ended, and ends with its status. This process is number 1 here."""
    scratch, output = options.scratch, options.output.resolve()
    enter_cgroup(scratch.name)
    run("mount", "--make-rprivate", "/")
    run("mount", "-t", "tmpfs", "tmpfs", str(scratch))
    for name in ["up", "work", "root", "volumes"]:
        (scratch / name).mkdir()
    run(*overlay(scratch).split())
    # What nspawn notes down for itself stays in here.
    run("mount", "-t", "tmpfs", "tmpfs", "/run")
    prepare(scratch / "root", options.command)
    settings = [
        "--link-journal=no",
        f"--bind={output}:/output",
        f"--bind={output}/journal:/var/log/journal",
        f"--bind-ro={HERE}:/tests/scripts",
    ]
    settings += [f"--bind-ro={pathlib.Path(file).resolve()}:{path}" for path, file in pairs(options.file)]
    for number, (path, size) in enumerate(pairs(options.volume)):
        volume = scratch / "volumes" / str(number)
        volume.mkdir()
        run("mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(volume))
        settings.append(f"--bind={volume}:{path}")
    boot = 0
    while True:
        boot += 1
        (scratch / "root/etc/systemd/system/test.service").write_text(UNIT.format(boot=boot))
        status = boot_once(scratch / "root", settings, output / "power-off")
        if status is not None:
            sys.exit(status)


def run(*command):
    subprocess.run(command, check=True)


def pairs(words):
    return [word.split("=", 1) for word in words]


def prepare(root, command):
    """Leaves nothing of what this machine's administrator has enabled, and writes the service that runs COMMAND."""
    units = root / "etc/systemd/system"
    for folder in units.glob("*.wants"):
        shutil.rmtree(folder)
    for script in root.glob("etc/rc?.d/S*"):
        script.unlink()
    # Where the root is that of a container itself, it may forbid packages to start anything.
    (root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
    wants = units / "multi-user.target.wants"
    wants.mkdir()
    (wants / "test.service").symlink_to("../test.service")
    (root / "tests").mkdir(exist_ok=True)
    script = root / "tests/command"
    script.write_text(f"#!/bin/sh\nexec {shlex.join(command)}\n")
    script.chmod(0o755)
    configuration = root / "etc/systemd/journald.conf.d/test.conf"
    configuration.parent.mkdir(exist_ok=True)
    configuration.write_text("[Journal]\nStorage=persistent\nSystemMaxUse=200M\nSystemMaxFileSize=16M\n")


def boot_once(root, settings, power_switch):
    """Boots the machine; returns the status of COMMAND, or None where power was lost."""
    power_switch.unlink(missing_ok=True)
    machine = subprocess.Popen(
        [*NSPAWN.split(), f"--directory={root}", *settings, "systemd.unit=multi-user.target"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    while machine.poll() is None:
        if power_switch.exists():
            switch_off(machine)
            power_switch.unlink()
            return None
        time.sleep(0.02)
    return machine.returncode


def switch_off(machine):
    """Kills everything but this process, at once: the machine's number 1 takes all others with it."""
    for line in open(f"/proc/{machine.pid}/task/{machine.pid}/children").read().split():
        os.kill(int(line), signal.SIGKILL)
    machine.kill()
    machine.wait()
    # What is not this process's child any more is so again, since this is number 1.
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


if __name__ == "__main__":
    main()
