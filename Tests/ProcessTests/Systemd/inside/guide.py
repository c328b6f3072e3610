"""The operator's guide on a machine with systemd: each procedure that needs it is done as it stands in its page.

    guide.py --pages FOLDER --package FILE

The pages are run as they are, by a shell in which the first command that fails is the end. What happens between two of
those procedures is done by the guide's others, too. Given here is only what a page leaves to its reader:

- the package, `dropwire_*.deb`, is FILE; the one that it is upgraded to is the same with a higher version, and what
  that version has changed about the state is one number;
- `/mnt/big`, the larger disk, is a volume of the machine; `www-data`, who drops files, is Debian's;
- other machines are this one by loopback, which asks for keys as an address in a network does;
- the certificate that certbot has for news.example is made by openssl, and /etc/dropwire/tls is there with the first.

A procedure of the pages that nobody does here is a failure, and so is an article that is not there any more, or twice.
At last the machine loses power, and must come back by itself as the guide has left it.
"""

import argparse
import collections
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import time

import accounts
import producer
from services import STATUS, WATCH, Journal, are_active, main_processes, make_package, run, show, systemctl
from trouble import Trouble, require, wait_until

OUTPUT, STATE, HOME = pathlib.Path("/output"), pathlib.Path("/var/lib/dropwire"), pathlib.Path("/root/guide")
DROP, AGENCY = pathlib.Path("/srv/dropwire/incoming"), pathlib.Path("/srv/dropwire/agency")
INDEX, SUMMARIZE = "dropwire-index.service", "dropwire-summarize@1.service"
# What the package enables.
UNITS = [STATUS, WATCH, "dropwire-deduplicate.service", INDEX, SUMMARIZE]
MARK = re.compile(r"<!-- (operate|operate-systemd): ([a-z-]+) -->\n```sh\n(.*?)```", re.DOTALL)
LETSENCRYPT = pathlib.Path("/etc/letsencrypt/live/news.example")
FERRY = "Ferry runs again"
DESK = "/root/desk.key"
# A version that comes after every other one.
LATER = "9999"


class Guide:
    """The procedures, and what has come of them so far."""

    def __init__(self, options):
        self.package = options.package
        self.version = run("dpkg-deb", "--field", str(self.package), "Version").strip()
        marks = [mark for page in sorted(options.pages.glob("*.md")) for mark in MARK.findall(page.read_text())]
        self.procedures = {name: text for _, name, text in marks}
        self.needing_systemd = {name for need, name, _ in marks if need == "operate-systemd"}
        # What must be known after the loss of power as well: the titles of all articles, and what was done.
        self.notes = OUTPUT / "guide.json"
        notes = json.loads(self.notes.read_text()) if self.notes.exists() else {"titles": [], "done": []}
        self.titles, self.done = notes["titles"], set(notes["done"])
        self.titles_before_upgrade = []
        self.producer = producer.Producer(DROP, OUTPUT / "dropped.jsonl", 1)

    def operate(self, name):
        """Does a procedure as it stands in its page; returns what it printed."""
        require(name in self.procedures, f"the guide has no procedure '{name}'")
        self.done.add(name)
        commands = self.procedures[name]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"}
        result = subprocess.run(
            ["sh", "-euc", commands],
            cwd=HOME,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        code, output = result.returncode, result.stdout
        require(code == 0, f"the procedure '{name}' ended with {code}:\n{commands}\n{output}")
        return output

    def write_notes(self):
        self.notes.write_text(json.dumps({"titles": self.titles, "done": sorted(self.done)}))

    def drop_texts(self, count):
        """Drops articles, and notes down their titles."""
        for _ in range(count):
            self.producer.drop_next(DROP)
        self.note_titles()

    def note_titles(self):
        dropped = [title for entry in self.producer.dropped for title in entry["titles"]]
        self.titles += [title for title in dropped if title not in self.titles]

    def wait_until_kept(self):
        """Waits until the log has each article once, every worker has done it, and nothing is wrong."""
        expected = collections.Counter(self.titles)
        wait_until("every article is on the log", lambda: len(published()) >= len(self.titles))
        found = collections.Counter(published())
        require(found == expected, f"articles are missing: {expected - found}, or too many: {found - expected}")
        wait_until("every worker has done each", lambda: set(results()) == {len(self.titles)}, 120)
        wait_until("the index finds each", lambda: found_by_search() == len(self.titles), 120)
        wait_until("nothing is wrong", lambda: "all is well" in run("dropwire", "status", check=False), 120)
        require(are_active(UNITS), "not all services are active")

    def lay_out(self, version):
        """The place of the package of a version; there is no other one beside it."""
        for other in HOME.glob("*.deb"):
            other.unlink()
        return HOME / f"dropwire_{version}_amd64.deb"


def published():
    """The titles of all articles on the log."""
    lines = run("dropwire", "replay", "--json", "--from", "first", "--topic", "art/", check=False).splitlines()
    return [json.loads(line)["title"] for line in lines]


def results():
    """How many results the status service has of each kind of worker."""
    told = ask("/api/v1/status").get("results", {})
    return [told.get(kind, {"ok": 0})["ok"] for kind in accounts.KINDS]


def found_by_search():
    return ask("/api/v1/search?q=language:en+OR+NOT+language:en&limit=1").get("total")


def ask(path):
    """What the API answers; nothing where who has to answer is still on the way."""
    try:
        return accounts.ask(path)
    except OSError:
        return {}


def installed_version():
    return run("dpkg-query", "--show", "--showformat", "${Version}", "dropwire")


def require_all_replaced(before):
    """Every service runs, as another process."""
    require(are_active(UNITS), "not all services are active")
    same = [unit for unit, process in main_processes(UNITS).items() if process in ("0", before[unit])]
    require(not same, f"these were not started again: {same}")


def require_all_stopped():
    states = {unit: show(unit, "ActiveState") for unit in ["dropwire.target", *UNITS]}
    require(set(states.values()) <= {"inactive", "failed"}, f"not all is stopped: {states}")


# MARK: Installing.md


def installing(guide):
    shutil.copy(guide.package, guide.lay_out(guide.version))
    # This machine's disk is memory: what dpkg would sync first is what others write to the host's.
    pathlib.Path("/etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")
    guide.operate("install")
    require(installed_version() == guide.version, "another version is installed")
    require(run("id", "-un", "dropwire") == "dropwire\n", "the package has made no user")
    require_all_stopped()
    told = guide.operate("first-directory")
    require(str(DROP) in told, f"the check does not name the directory: {told}")
    require((DROP.owner(), DROP.stat().st_mode & 0o7777) == ("dropwire", 0o2770), "the directory is another's")
    require_all_stopped()
    guide.operate("start")
    require(are_active([*UNITS, "dropwire.target"]), "not all is active when the procedure is over")
    enabled = [systemctl("is-enabled", unit, check=False).strip() for unit in ["dropwire.target", *UNITS]]
    require(set(enabled) == {"enabled"}, f"it is not all started with the machine: {enabled}")
    guide.operate("first-file")
    guide.titles.append(FERRY)
    guide.wait_until_kept()
    told = guide.operate("first-journey")
    require("published" in told, f"the journey does not tell of it: {told}")


# MARK: AddingSources.md


def adding_a_source(guide):
    before = main_processes(UNITS)
    told = guide.operate("allow")
    require(f"{WATCH}  {AGENCY}" in told, f"the list does not name it: {told}")
    require(show(WATCH, "MainPID") not in ("0", before[WATCH]), "the watcher was not started again")
    guide.operate("add-source")
    # As somebody who sees nothing else of Dropwire, and whose files nobody else can read.
    text = "umask 077; printf 'Bridge is closed\\n\\nThe bridge is closed until noon.\\n' > .part; mv .part bridge.txt"
    as_user = ["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "env", "-C", str(AGENCY)]
    run(*as_user, "sh", "-ec", text)
    guide.titles.append("Bridge is closed")
    guide.wait_until_kept()
    sees = subprocess.run([*as_user, "ls", str(STATE / "watch")], capture_output=True).returncode == 0
    require(not sees, "who drops files sees the state")


# MARK: SharingTheMachine.md


def limits(guide):
    before = show(INDEX, "MainPID")
    guide.operate("limits")
    process = show(INDEX, "MainPID")
    require(process not in ("0", before), "the index was not started again")
    properties = {name: show(INDEX, name) for name in ["CPUAffinity", "Nice", "IOWeight", "MemoryMax"]}
    expected = {"CPUAffinity": "0", "Nice": "10", "IOWeight": "50", "MemoryMax": str(2 << 30)}
    require(properties == expected, f"limits are {properties}")
    status = pathlib.Path("/proc", process, "status").read_text()
    require("Cpus_allowed_list:\t0\n" in status, "it runs on other processors")
    require(os.getpriority(os.PRIO_PROCESS, int(process)) == 10, "it gives way to nobody")
    # A machine in a container may have no controller of its own for memory.
    limit = pathlib.Path("/sys/fs/cgroup", show(INDEX, "ControlGroup").strip("/"), "memory.max")
    require(not limit.exists() or limit.read_text().strip() == expected["MemoryMax"], "the kernel has no limit of it")
    guide.wait_until_kept()


# MARK: Upgrading.md


def upgrading(guide):
    """An upgrade while files come."""
    # By this, what comes after it is dropped again when the way goes back.
    guide.operate("backup")
    guide.operate("before-upgrade")
    guide.titles_before_upgrade = list(guide.titles)
    make_package(guide.package, LATER, guide.lay_out(LATER))
    before = main_processes(UNITS)
    guide.producer.start(10, DROP)
    told = guide.operate("upgrade")
    guide.producer.stop()
    guide.note_titles()
    require(installed_version() == LATER, "the new version is not installed")
    require(run("dropwire", "--version") in told, f"the program does not say its version: {told}")
    require_all_replaced(before)
    started = {unit: int(show(unit, "ExecMainStartTimestampMonotonic")) for unit in UNITS}
    order = sorted(UNITS, key=started.get)
    require(order[:2] == [STATUS, WATCH], f"they were started again in this order: {order}")
    guide.wait_until_kept()


def going_back(guide):
    """The old version, which cannot read the state of the new one, and the backup in place of that."""
    # What the newer version did.
    with sqlite3.connect(STATE / "status/results.sqlite", timeout=60) as database:
        database.execute("UPDATE meta SET v=v+1 WHERE k='status_schema'")
    database.close()
    journal = Journal()
    shutil.copy(guide.package, guide.lay_out(guide.version))
    guide.operate("back-install")
    require(installed_version() == guide.version, "the old version is not installed")
    wait_until("the status service has ended", lambda: show(STATUS, "ActiveState") == "failed")
    require(show(STATUS, "ExecMainStatus") == str(os.EX_CONFIG), "it did not end with 78")
    journal.wait(STATUS, "a later version of dropwire wrote it")
    guide.operate("back-stop")
    require_all_stopped()
    guide.operate("back")
    guide.operate("back-start")
    require(are_active(UNITS), "not all is active when the procedure is over")
    titles, guide.titles = guide.titles, guide.titles_before_upgrade
    guide.wait_until_kept()
    guide.titles = titles
    guide.operate("drop-again")
    guide.wait_until_kept()


# MARK: BackupAndRestore.md


def restoring(guide):
    # The day's copy would find that of before the upgrade in its place.
    for folder in pathlib.Path("/var/backups").glob("dropwire-20*"):
        shutil.rmtree(folder)
    guide.operate("nightly")
    titles = list(guide.titles)
    guide.drop_texts(5)
    guide.wait_until_kept()
    guide.operate("restore-stop")
    require_all_stopped()
    told = guide.operate("restore")
    require("watch/log.sqlite: epoch" in told, f"no new epoch of the log is told of: {told}")
    guide.operate("restore-start")
    require(are_active(UNITS), "not all is active when the procedure is over")
    all_titles, guide.titles = guide.titles, titles
    guide.wait_until_kept()
    guide.titles = all_titles
    guide.operate("drop-again")
    guide.wait_until_kept()


def moving(guide):
    guide.operate("move-stop")
    require_all_stopped()
    guide.operate("move")
    guide.operate("move-start")
    require(are_active(UNITS), "not all is active when the procedure is over")
    require_moved()
    # As it says: a day later.
    shutil.rmtree("/var/lib/dropwire.old")
    guide.drop_texts(5)
    guide.wait_until_kept()


def require_moved():
    """The state lies on the large disk."""
    require(run("findmnt", "-no", "SOURCE", str(STATE)).strip().endswith("/dropwire]"), "nothing is mounted there")
    require(os.path.samefile(STATE, "/mnt/big/dropwire"), "something else is mounted there")


# MARK: Space.md


def keeping_less(guide):
    guide.operate("retention")
    wait_until("the retention is what it is by itself", lambda: retention_of_store() == 90 * 86_400)
    before = main_processes(UNITS)
    guide.operate("retention-restart")
    changed = [unit for unit, process in main_processes(UNITS).items() if process != before[unit]]
    require(changed == [STATUS], f"these were started again: {changed}")
    wait_until("the new retention is in force", lambda: retention_of_store() == 30 * 86_400)
    guide.wait_until_kept()


def retention_of_store():
    stores = ask("/api/v1/status").get("storage", [])
    return next((store["retention_s"] for store in stores if store["name"] == "store"), None)


# MARK: KeysAndTokens.md


def keys(guide):
    guide.operate("key")
    # There is no network: loopback asks what other machines are asked.
    with open("/etc/dropwire/conf.d/security.toml", "a") as file:
        file.write('loopback = "keys"\n')
    require(may_read("articles"), "a key is asked for before there is one")
    before = main_processes(UNITS)
    guide.operate("key-restart")
    require_all_replaced(before)
    require(not may_read("articles"), "no key is asked for")
    guide.operate("let-in")
    wait_until("who was let in may read", lambda: may_read("articles", DESK))
    require(not may_read("results", DESK), "the status service knows of it already")
    before = main_processes(UNITS)
    guide.operate("reload")
    require(main_processes(UNITS) == before, "a reload has started services again")
    wait_until("who was let in may read results, too", lambda: may_read("results", DESK))
    guide.operate("let-out")
    require(not may_read("articles", DESK), "who was let go is let in")
    guide.wait_until_kept()


def may_read(stream, key=None):
    """Whether another machine gets at a stream, with a key of its own or without; two processes serve the two."""
    section, port = {"articles": ("watch", 8472), "results": ("status", 8475)}[stream]
    configuration = f'[{section}.stream]\nlog = "tcp://127.0.0.1:{port}"\n'
    if key:
        configuration += f'[security]\nkey_file = "{key}"\nknown_servers = "{HOME}/known_servers"\n'
        server = run("dropwire", "keygen", "--public", "/etc/dropwire/key").strip()
        (HOME / "known_servers").write_text(f"127.0.0.1 {server}\n")
    (HOME / "desk.toml").write_text(configuration)
    replay = ["dropwire", "replay", "--config", str(HOME / "desk.toml"), "--stream", stream, "--from", "first"]
    return subprocess.run(["timeout", "60", *replay], capture_output=True).returncode == 0


def certificate(guide):
    """A certificate that is renewed while somebody is connected."""
    make_certificate()
    pathlib.Path("/etc/dropwire/tls").mkdir()
    pathlib.Path("/etc/dropwire/conf.d/tls.toml").write_text(
        '[status]\nhttps = ["127.0.0.1:8443"]\ntls_certificate = "/etc/dropwire/tls/fullchain.pem"\n'
        'tls_key = "/etc/dropwire/tls/privkey.pem"\n'
    )
    for name in ["privkey.pem", "fullchain.pem"]:
        shutil.copy(LETSENCRYPT / name, "/etc/dropwire/tls")
        shutil.chown(pathlib.Path("/etc/dropwire/tls", name), "dropwire", "dropwire")
    systemctl("restart", STATUS)
    connection = Connection()
    connection.ask()
    require(connection.certificate() == certbots_certificate(), "it shows another certificate")
    make_certificate()
    require(connection.certificate() != certbots_certificate(), "the certificate was not renewed")
    before = main_processes(UNITS)
    guide.operate("certificate")
    require(main_processes(UNITS) == before, "a reload has started services again")
    connection.ask()

    def is_renewed():
        new = Connection()
        new.ask()
        return new.certificate() == certbots_certificate()

    wait_until("the renewed certificate is shown", is_renewed)
    guide.wait_until_kept()


def make_certificate():
    """What certbot leaves."""
    LETSENCRYPT.mkdir(parents=True, exist_ok=True)
    request = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    request += ["-subj", "/CN=news.example", "-addext", "subjectAltName=DNS:news.example", "-days", "60"]
    run(*request, "-keyout", str(LETSENCRYPT / "privkey.pem"), "-out", str(LETSENCRYPT / "fullchain.pem"))


def certbots_certificate():
    return ssl.PEM_cert_to_DER_cert((LETSENCRYPT / "fullchain.pem").read_text())


class Connection:
    """A connection to the page by TLS that stays open."""

    def __init__(self):
        # What is shown is compared as a whole.
        context = ssl._create_unverified_context()
        self.socket = context.wrap_socket(
            socket.create_connection(("127.0.0.1", 8443), timeout=60), server_hostname="news.example"
        )

    def certificate(self):
        return self.socket.getpeercert(binary_form=True)

    def ask(self):
        """Asks for the page's health, and fails where the connection is gone."""
        self.socket.sendall(b"GET /healthz HTTP/1.1\r\nHost: news.example\r\n\r\n")
        reply = http.client.HTTPResponse(self.socket)
        reply.begin()
        reply.read()
        require(reply.status < 500, f"the page answers {reply.status}")


# MARK: The run


PARTS = [
    installing,
    adding_a_source,
    limits,
    upgrading,
    going_back,
    restoring,
    moving,
    keeping_less,
    keys,
    certificate,
]


def do_all(guide):
    """Does every part, and fails where a procedure was left out."""
    for part in PARTS:
        start = time.monotonic()
        part(guide)
        print(f"{part.__name__.replace('_', ' ')}: {time.monotonic() - start:.1f} s")
    left = guide.needing_systemd - guide.done
    require(not left, f"nobody does these procedures: {sorted(left)}")
    print(f"{len(guide.needing_systemd)} procedures with systemd, {len(guide.done)} in all")


def lose_power(guide):
    guide.write_notes()
    (OUTPUT / "power-off").touch()
    time.sleep(60)
    raise Trouble("the machine did not lose power")


def come_back(guide):
    """After a start of the machine all is as it was."""
    wait_until("all services are active", lambda: are_active(UNITS))
    require_moved()
    guide.wait_until_kept()
    print(f"after the loss of power: {len(guide.titles)} articles, each once")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=pathlib.Path, required=True)
    parser.add_argument("--package", type=pathlib.Path, required=True)
    guide = Guide(parser.parse_args())
    HOME.mkdir(exist_ok=True)
    try:
        if os.environ["DROPWIRE_BOOT"] == "1":
            do_all(guide)
            lose_power(guide)
        come_back(guide)
    except Trouble as trouble:
        print(run("dropwire", "status", check=False))
        sys.exit(f"guide.py: {trouble}")


if __name__ == "__main__":
    main()
