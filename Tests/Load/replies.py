#!/usr/bin/env python3
"""Load on a running status service: small replies a second of one core, and the memory of many event streams.

    Tests/Load/replies.py --url http://127.0.0.1:8470 --pid PID [--seconds 10] [--clients 500]

wrk (Debian's package) asks; what the service itself takes is read from its processor time, since both share the machine.
"""

import argparse
import os
import re
import socket
import subprocess
import time
import urllib.parse

SMALL = ["/healthz", "/api/v1/storage", "/api/v1/processes", "/api/v1/articles?limit=1"]


def processor_seconds(pid):
    """The time that a process has been on a processor."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid, name):
    """A line of /proc/PID/status in megabytes."""
    text = open(f"/proc/{pid}/status").read()
    return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.M).group(1)) / 1000


def ask(url, pid, path, seconds):
    before, start = processor_seconds(pid), time.monotonic()
    output = subprocess.run(
        ["wrk", "-t1", "-c8", f"-d{seconds}s", "--latency", url + path], capture_output=True, text=True, check=True
    ).stdout
    busy, took = processor_seconds(pid) - before, time.monotonic() - start
    requests = int(re.search(r"(\d+) requests in", output).group(1))
    p99 = re.search(r"99%\s+(\S+)", output).group(1)
    wrong = re.search(r"Non-2xx.*", output)
    print(
        f"{path:28} {requests / took:8.0f} a second  {requests / busy:8.0f} a core-second  p99 {p99}"
        + (f"  {wrong.group(0)}" if wrong else "")
    )


def follow(url, pid, count):
    """Opens event streams, waits until each has its first event, and tells the service's memory."""
    place = urllib.parse.urlsplit(url)
    before = memory(pid, "VmRSS")
    clients = []
    for _ in range(count):
        client = socket.create_connection((place.hostname, place.port), timeout=30)
        client.sendall(f"GET /api/v1/events HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
        clients.append(client)
    for client in clients:
        seen = b""
        while b"event: snapshot" not in seen:
            piece = client.recv(1 << 16)
            assert piece, f"a stream has ended: {seen[:300]!r}"
            seen = (seen + piece)[-(1 << 17):]
    threads = len(os.listdir(f"/proc/{pid}/task"))
    start, busy = time.monotonic(), processor_seconds(pid)
    end = start + 10
    while time.monotonic() < end:
        for client in clients:
            client.setblocking(False)
            try:
                while client.recv(1 << 16):
                    pass
            except BlockingIOError:
                pass
        time.sleep(0.05)
    share = (processor_seconds(pid) - busy) / (time.monotonic() - start)
    print(
        f"{count} event streams: {before:.1f} MB before, {memory(pid, 'VmRSS'):.1f} MB now, "
        f"{memory(pid, 'VmHWM'):.1f} MB at most, {threads} threads, {share * 100:.1f} % of a core"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8470")
    parser.add_argument("--pid", type=int, required=True, help="the status service's process")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--clients", type=int, default=500)
    options = parser.parse_args()
    for path in SMALL:
        ask(options.url, options.pid, path, options.seconds)
    follow(options.url, options.pid, options.clients)
