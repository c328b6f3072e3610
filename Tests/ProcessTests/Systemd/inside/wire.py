"""A consumer that follows a log from its first record."""

import collections
import json
import struct

import zmq

Entry = collections.namedtuple("Entry", "stream epoch seq time_ms record")
PATIENCE_MS = 3000


class Log:
    """The records of a log so far; `entries` has all of them, by what `keep` leaves of each."""

    def __init__(self, address, keep=lambda entry: entry):
        self.address = address
        self.keep = keep
        self.entries = []
        self.cursor = {"after": 0}
        self.socket = None

    def update(self):
        """Reads what is new; returns whether the server told that there is no more."""
        while True:
            reply = self.ask()
            if reply is None:
                return False
            head, frames = reply
            for position, record in zip(frames[::2], frames[1::2]):
                _, _, _, epoch, stream, seq, time_ms = struct.unpack(">2sBBI16sQq", position)
                self.entries.append(self.keep(Entry(stream.hex(), epoch, seq, time_ms, json.loads(record))))
            self.cursor = head["next"]
            if not frames:
                return True

    def ask(self):
        """One FETCH; None where nobody answers, and the next one begins anew then."""
        if self.socket is None:
            self.socket = zmq.Context.instance().socket(zmq.REQ)
            self.socket.setsockopt(zmq.LINGER, 0)
            self.socket.connect(self.address)
        request = self.cursor | {"max": 500, "wait_ms": 0}
        self.socket.send_multipart([b"DW1", b"FETCH", b"", json.dumps(request).encode()])
        if not self.socket.poll(PATIENCE_MS):
            self.socket.close()
            self.socket = None
            return None
        _, status, _, head, *frames = self.socket.recv_multipart()
        head = json.loads(head)
        if status == b"ERR":
            # It says so while it stops, or where its disk is full.
            if head["code"] in (429, 503):
                return None
            raise RuntimeError(f"FETCH from {self.address}: {head}")
        return head, frames
