"""A Dropwire of the test's own: all processes, one drop directory, the page on a free port."""
import json, os, pathlib, signal, socket, subprocess, time, urllib.request


def wait(what, condition, seconds=60):
    """Waits until the condition is true, and returns its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.05)


class Crew:
    def __init__(self, program, scratch):
        self.program, self.scratch = program, pathlib.Path(scratch)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.run, self.drop_path = self.scratch / "run", self.scratch / "drop"
        for folder in [self.run, self.drop_path, self.scratch / "state"]:
            folder.mkdir(parents=True)
        streams = "".join(
            f'[{name}.stream]\nfeed = ["ipc://{self.run}/{name}-feed"]\nlog = ["ipc://{self.run}/{name}-log"]\n'
            for name in ["watch", "deduplicate", "index", "status"])
        (self.scratch / "dropwire.toml").write_text(
            f'state_directory = "{self.scratch}/state"\nruntime_directory = "{self.run}"\n'
            f'[[watch.drop]]\npath = "{self.drop_path}"\nsource = "agency"\npoll_interval = "50ms"\n'
            f'quiet_time = "50ms"\nsettle_time = "50ms"\n'
            f'[status]\nhttp = "127.0.0.1:{self.port}"\n{streams}')
        self.log = open(self.scratch / "up.log", "w")
        environment = dict(os.environ, XDG_RUNTIME_DIR=str(self.run))
        self.process = subprocess.Popen(
            [program, "up", "--config", str(self.scratch / "dropwire.toml")], env=environment, stdout=self.log,
            stderr=self.log)
        # Every role tells of itself when it serves.
        wait("all roles serve", lambda: len(self.processes()) >= 5)

    def end(self):
        """Ends all processes as an operator does."""
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(timeout=60) == 0, (self.scratch / "up.log").read_text()[-4000:]

    # What is asked of it

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=10) as reply:
            return reply.read()

    def status(self):
        try:
            return json.loads(self.get("/api/v1/status"))
        except OSError:
            return {}

    def processes(self):
        return {process["kind"]: process for process in self.status().get("processes", [])
                if process["state"] == "alive"}

    def articles(self, query=""):
        return json.loads(self.get("/api/v1/articles?limit=200" + query))["articles"]

    def article(self, title):
        return next((article for article in self.articles() if article.get("title") == title), None)

    def has_worked(self, count):
        """All workers have had so many articles."""
        results = self.status().get("results", {})
        return all(sum(results.get(kind, {}).get(name, 0) for name in ["ok", "failed", "skipped"]) >= count
                   for kind in ["deduplicate", "index", "summarize"])

    # What is done to it

    def drop(self, name, content):
        """Drops a file as a careful producer does."""
        bytes_ = content.encode() if isinstance(content, str) else content
        hidden = self.drop_path / f".{abs(hash(name))}.tmp"
        hidden.write_bytes(bytes_)
        hidden.rename(self.drop_path / name)

    def drop_article(self, name, **members):
        self.drop(name, json.dumps(members))

    def kill_status(self):
        """Kills the status service; `up` starts it again."""
        os.kill(self.processes()["status"]["pid"], signal.SIGKILL)

    def report_failure(self, article, kind, reason):
        """Reports what a worker of others' reports that has given an article up."""
        result = {
            "v": 1, "type": "result", "kind": kind, "stream": article["stream"], "epoch": article["epoch"],
            "seq": article["seq"], "gen": 0, "attempt": 3, "status": "failed", "time_ms": int(time.time() * 1000),
            "id": article["id"], "data": {"reason": reason, "code": "engine_down", "dead": True}}
        # Debian's Python has ZeroMQ.
        program = """if True:
            import sys, zmq
            socket = zmq.Context().socket(zmq.DEALER)
            socket.rcvtimeo = 10000
            socket.connect(sys.argv[1])
            socket.send_multipart([b"DW1", b"REPORT", b"1"] + [text.encode() for text in sys.argv[2:]])
            reply = socket.recv_multipart()
            assert reply[1] == b"OK", reply
        """
        head = json.dumps({"producer": "test", "kind": kind, "count": 1})
        subprocess.run(
            ["/usr/bin/python3", "-c", program, f"ipc://{self.run}/status/report.sock", head, json.dumps(result)],
            check=True)
