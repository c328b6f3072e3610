#!/usr/bin/env python3
"""Plays every command and every error of DW1 against a server and says, case by case, whether it does what the
specification says (Sources/Messaging/Messaging.docc/Wire.md). It needs python3-zmq and nothing else.

    dw1-conformance.py --log tcp://127.0.0.1:8472 --feed tcp://127.0.0.1:8471

A case passes, fails with what was expected and what came, or is skipped with what it would need. The exit code is 0
where none failed, 1 where one did, 64 where the arguments are wrong and 69 where nothing answers at all.

The server must have a few records (six are enough), and nobody else should be at work on it. What a case cannot do from
outside, --prepared FILE says how to do, as a JSON object of shell commands:

    {"publish":       appends at least one record under "art/",
     "publish_large": appends a record under "art/" that is too large for the feed (above 64 KiB),
     "stop":          stops the server in good order; it is done last}

Epochs and retention are seen by themselves: cases about them run where HELLO shows two epochs, or a log that does not
begin at 1. The groups and consumers that it makes are named "conformance-…"; groups are deleted at the end.
"""

import argparse, json, os, re, struct, subprocess, sys, threading, time, uuid

try:
    import zmq
except ImportError:
    sys.exit("dw1-conformance.py: install python3-zmq")

POSITION = struct.Struct(">2sBBI16sQq")
RECORD, HEAD, BYE, REFERENCE = 1, 2, 3, 4
LARGEST = 2**53 - 1
TOPIC = re.compile(r"(art|file|result|match)(/[a-z0-9._-]{1,40}){1,2}/")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NAMES = {
    400: {"BAD_REQUEST"}, 403: {"FORBIDDEN"},
    404: {"UNKNOWN_COMMAND", "UNKNOWN_GROUP", "UNKNOWN_CONSUMER", "UNKNOWN_STREAM"},
    409: {"EPOCH"}, 410: {"EXPIRED"}, 413: {"TOO_LARGE"}, 416: {"AHEAD"}, 429: {"BUSY"}, 500: {"INTERNAL"},
    503: {"STOPPING", "DISK_FULL"}, 505: {"VERSION"},
}  # fmt: skip
RUN = uuid.uuid4().hex[:8]

context = zmq.Context()
options = None


class Failed(Exception):
    """The server did something else than the specification says."""


class Skipped(Exception):
    """The case needs something that is not there."""


def check(condition, expected, came=None):
    if not condition:
        raise Failed(expected if came is None else f"{expected}; came {came!r}"[:600])


def needs(condition, what):
    if not condition:
        raise Skipped(f"needs {what}")


# MARK: Peers


class Reply:
    """An answer, held to the layout that all have."""

    def __init__(self, frames, rid):
        check(len(frames) >= 4, "an answer has at least four frames", frames)
        check(frames[0] == b"DW1", "an answer begins with DW1", frames[0])
        check(frames[1] in (b"OK", b"ERR"), "the second frame of an answer is OK or ERR", frames[1])
        check(frames[2] == rid, f"the request id {rid!r} comes back", frames[2])
        try:
            self.json = json.loads(frames[3])
        except ValueError:
            raise Failed(f"the json frame of an answer is JSON; came {frames[3][:200]!r}")
        check(isinstance(self.json, dict), "the json frame of an answer is an object", self.json)
        self.ok, self.payload = frames[1] == b"OK", frames[4:]
        if not self.ok:
            code, name = self.json.get("code"), self.json.get("name")
            check(code in NAMES and name in NAMES[code], "an ERR has one of the codes, with its name", self.json)
            check(isinstance(self.json.get("msg"), str) and self.json["msg"], "an ERR has a sentence (msg)", self.json)
            check(not self.payload, "an ERR has no payload", self.payload)

    @property
    def code(self):
        return 200 if self.ok else self.json["code"]

    def records(self):
        """The position and the bytes of each record."""
        check(len(self.payload) == 2 * self.json.get("count", -1), "'count' pairs of position and record come",
              (self.json.get("count"), len(self.payload)))  # fmt: skip
        pairs = list(zip(self.payload[::2], self.payload[1::2]))
        return [(position(frame, RECORD), record) for frame, record in pairs]

    def seqs(self):
        return [place["seq"] for place, _ in self.records()]


def position(frame, kind):
    check(len(frame) == 40, "a position has 40 bytes", frame)
    magic, version, its_kind, epoch, stream, seq, time_ms = POSITION.unpack(frame)
    check(magic == b"DW" and version == 1, "a position begins with DW and the version 1", frame[:3])
    check(its_kind == kind, f"the position is of kind {kind}", its_kind)
    return {"epoch": epoch, "stream": str(uuid.UUID(bytes=stream)), "seq": seq, "time_ms": time_ms}


class Peer:
    """A client of the log."""

    def __init__(self, kind=zmq.DEALER):
        self.socket = context.socket(kind)
        self.socket.linger = 0
        secure(self.socket)
        self.socket.connect(options.log)

    def close(self):
        self.socket.close()

    def send(self, *frames):
        self.socket.send_multipart([frame.encode() if isinstance(frame, str) else frame for frame in frames])

    def receive(self, seconds=5.0):
        """The next message; none where none comes."""
        return self.socket.recv_multipart() if self.socket.poll(int(seconds * 1000)) else None

    def answer(self, rid, seconds=5.0):
        frames = self.receive(seconds)
        check(frames is not None, f"an answer comes within {seconds:g} s")
        return Reply(frames, rid)

    def start(self, command, rid=b"r", **members):
        self.send("DW1", command, rid, json.dumps(members))

    def ask(self, command, rid=b"r", seconds=5.0, **members):
        self.start(command, rid, **members)
        return self.answer(rid, seconds)

    def good(self, command, **members):
        reply = self.ask(command, **members)
        check(reply.ok, f"{command} {json.dumps(members)} is answered with OK", reply.json)
        return reply

    def refused(self, code, command, name=None, **members):
        reply = self.ask(command, **members)
        check(reply.code == code, f"{command} {json.dumps(members)[:200]} gets {code}", reply.json)
        check(name in (None, reply.json.get("name")), f"{command} gets the name {name}", reply.json)
        return reply.json


class Subscriber:
    """A subscriber of the feed."""

    def __init__(self, *topics):
        needs(options.feed, "--feed")
        self.socket = context.socket(zmq.SUB)
        self.socket.linger = 0
        secure(self.socket)
        for topic in topics:
            self.socket.subscribe(topic)
        self.socket.connect(options.feed)

    def message(self, seconds, applies=lambda topic: True):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.socket.poll(int(left * 1000) + 1):
                frames = self.socket.recv_multipart()
                check(len(frames) >= 3, "a message has topic, position and body", frames)
                if applies(frames[0].decode()):
                    return frames
        return None


def secure(socket):
    if options.curve:
        socket.curve_serverkey, socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in options.curve)


def hello():
    return Peer().good("HELLO", client=f"dw1-conformance/{RUN}", want=[1]).json


def log_with(count):
    state = hello()
    needs(state["head"] - state["low"] + 1 >= count, f"a log with {count} records")
    return state


def start_of(state, after):
    """A cursor without a time."""
    return {"stream": state["stream"], "epoch": state["epochs"][-1][0], "after": after}


def prepared(name):
    command = options.prepared.get(name)
    needs(command, f'"{name}" in --prepared')
    return lambda: subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL)


# MARK: Cases

CASES = []


def case(name):
    def add(function):
        group = function.__name__.split("_")[0]
        CASES.append((group, name, function))
        return function

    return add


# --- The envelope


@case("a DEALER is answered without a delimiter")
def envelope_dealer():
    peer = Peer()
    peer.send("DW1", "PING", "abc", "{}")
    check(peer.answer(b"abc").ok, "PING is answered with OK")


@case("a DEALER that sends an empty frame first gets it back")
def envelope_delimiter():
    peer = Peer()
    peer.send("", "DW1", "PING", "abc", "{}")
    frames = peer.receive()
    check(frames and frames[0] == b"", "the empty frame comes back first", frames)
    check(Reply(frames[1:], b"abc").ok, "PING is answered with OK")


@case("a REQ is answered")
def envelope_req():
    peer = Peer(zmq.REQ)
    for _ in range(2):
        check(peer.ask("PING").ok, "PING is answered with OK")


@case("a request id of 0, 1 and 64 bytes comes back, whatever they are")
def envelope_rid():
    peer = Peer()
    for rid in b"", b"\0", bytes(range(192, 256)):
        check(peer.ask("PING", rid=rid).ok, f"a request id of {len(rid)} bytes is taken")
    reply = peer.ask("NOTHING", rid=bytes(64))
    check(reply.code == 404, "an ERR brings the request id back, too", reply.json)


@case("a request id of 65 bytes gets 400 with an empty one")
def envelope_rid_too_long():
    peer = Peer()
    peer.send("DW1", "PING", bytes(65), "{}")
    check(peer.answer(b"").code == 400, "it gets 400")


@case("another version gets 505 with the versions that are, whatever follows it")
def envelope_version():
    peer = Peer()
    for version in "DW2", "DW", "DW10":
        peer.send(version, "NEW", "rid", "not json", "more")
        reply = peer.answer(b"rid")
        supported = reply.json.get("supported", [])
        check(reply.code == 505 and 1 in supported, f"{version} gets 505 with 'supported'", reply.json)


@case("what does not begin with DW gets no answer, and the peer is served on")
def envelope_silence():
    peer = Peer()
    peer.send("XX1", "PING", "silent", "{}")
    peer.send("")
    peer.send("", "HELLO")
    peer.send("D", "PING", "silent", "{}")
    peer.send("DW1", "PING", "loud", "{}")
    frames = peer.receive()
    check(frames and Reply(frames, b"loud").ok, "the first answer is that to the DW1 request", frames)
    check(peer.receive(0.3) is None, "nothing else comes")


@case("a missing command, request id or json frame gets 400")
def envelope_frames():
    peer = Peer()
    for frames, rid in (["DW1"], b""), (["DW1", "PING"], b""), (["DW1", "PING", "x"], b"x"):
        peer.send(*frames)
        check(peer.answer(rid).code == 400, f"{frames} gets 400")


@case("eight frames are a request, nine get 413")
def envelope_many():
    peer = Peer()
    request = ["DW1", "PING", "r", "{}", "5", "6", "7", "8"]
    peer.send(*request)
    check(peer.answer(b"r").ok, "eight frames are taken")
    peer.send("", *request)
    check(peer.receive()[1:3] == [b"DW1", b"OK"], "eight frames behind the delimiter are taken")
    for more in ["9"], ["9"] * 1000:
        peer.send(*request, *more)
        check(peer.answer(b"r").code == 413, f"{8 + len(more)} frames get 413")


@case("a json frame of 65,536 bytes is taken, one more byte gets 413")
def envelope_json_size():
    peer = Peer()
    text = '{"x":"' + "y" * (65536 - 8) + '"}'
    peer.send("DW1", "PING", "r", text)
    check(peer.answer(b"r").ok, "65,536 bytes are taken")
    peer.send("DW1", "PING", "r", text + " ")
    check(peer.answer(b"r").code == 413, "65,537 bytes get 413")


@case("a json frame that is no JSON object gets 400")
def envelope_json():
    peer = Peer()
    for text in "", "x", "[]", "3", '"x"', "null", "{", '{"a":1}{"a":1}', b"\xff":
        peer.send("DW1", "PING", "r", text)
        check(peer.answer(b"r").code == 400, f"the json frame {text!r} gets 400")


@case("members that are not known are ignored")
def envelope_members():
    for command, members in ("PING", {}), ("HELLO", {}), ("SEEK", {"at": "end"}), ("FETCH", {"max": 1}):
        Peer().good(command, **members, colour="green", nested={"a": [1, None]})


@case("a command that there is not gets 404, also one in small letters")
def envelope_command():
    peer = Peer()
    for command in "NOTHING", "ping", "PING ", "":
        peer.refused(404, command, "UNKNOWN_COMMAND") if command else None
    peer.send("DW1", b"\xff\xfe", "r", "{}")
    check(peer.answer(b"r").code in (400, 404), "a command that is no text is refused")


@case("a frame above 1 MiB costs its peer the connection, and nobody else anything")
def envelope_frame_size():
    big, other = Peer(), Peer()
    other.good("PING")
    big.send("DW1", "PING", "big", "{}", bytes((1 << 20) + 1))
    other.good("PING")
    check(big.receive(0.5) is None, "the too large request gets no answer")
    check(Peer().ask("PING").ok, "a new peer is served")


@case("four requests at once are answered, each under its id")
def envelope_outstanding():
    peer = Peer()
    rids = [b"a", b"b", b"c", b"d"]
    for rid in rids:
        peer.start("PING", rid)
    frames = [peer.receive() for _ in rids]
    check(all(frames), "four answers come")
    check(sorted(frame[2] for frame in frames) == rids, "each id comes back once", [frame[2] for frame in frames])


# --- HELLO, PING, SEEK, COMMIT


@case("HELLO says what the server is")
def reading_hello():
    state = hello()
    check(state.get("version") == 1, "'version' is 1", state)
    check(UUID.fullmatch(state.get("stream", "")), "'stream' is a UUID", state.get("stream"))
    check(UUID.fullmatch(state.get("boot", "")), "'boot' is a UUID", state.get("boot"))
    for name in "epoch", "low", "head", "max", "max_bytes", "max_wait_ms", "heartbeat_ms":
        check(isinstance(state.get(name), int) and state[name] >= 0, f"'{name}' is a number", state.get(name))
    check(1 <= state["low"] <= state["head"] + 1, "'low' is 1 to 'head' + 1", (state["low"], state["head"]))
    epochs = state.get("epochs")
    check(epochs and all(len(entry) == 2 for entry in epochs), "'epochs' are pairs", epochs)
    check(epochs == sorted(epochs) and epochs[0][0] >= 1, "'epochs' ascend", epochs)
    check(state["epoch"] == epochs[-1][0], "'epoch' is the last of 'epochs'", (state["epoch"], epochs))
    for name in "feed", "roles":
        check(all(isinstance(entry, str) for entry in state.get(name, [0])), f"'{name}' is texts", state.get(name))
    for name in "name", "server":
        check(isinstance(state.get(name), str), f"'{name}' is a text", state.get(name))


@case("HELLO works without members, and for who speaks more versions than this one")
def reading_hello_want():
    peer = Peer()
    peer.good("HELLO")
    peer.good("HELLO", want=[1, 2], client="x/1")
    check(1 in peer.refused(505, "HELLO", want=[2]).get("supported", []), "'supported' has 1")
    peer.refused(400, "HELLO", want="1")


@case("PING answers the head")
def reading_ping():
    head = Peer().good("PING").json.get("head")
    check(isinstance(head, int) and head <= hello()["head"], "'head' is that of HELLO", head)


@case("SEEK gives cursors to the beginning and the end")
def reading_seek():
    state, peer = hello(), Peer()
    first, end = peer.good("SEEK", at="first").json, peer.good("SEEK", at="end").json
    for cursor in first, end:
        check(set(cursor) >= {"stream", "epoch", "after", "time_ms"}, "a cursor has four members", cursor)
        check(cursor["stream"] == state["stream"] and cursor["epoch"] == state["epoch"], "it is of this log", cursor)
        peer.good("FETCH", **cursor, max=1)
    check(first["after"] == state["low"] - 1, "the first is before 'low'", first)
    check(end["after"] >= state["head"], "the end is at 'head'", end)


@case("SEEK to a time gives the first record that was committed then or later")
def reading_seek_time():
    state, peer = log_with(3), Peer()
    records = peer.good("FETCH", **start_of(state, state["low"] - 1), max=3).records()
    for place, _ in records:
        cursor = peer.good("SEEK", at={"time_ms": place["time_ms"]}).json
        found = peer.good("FETCH", **cursor, max=1).records()[0][0]
        check(found["time_ms"] == place["time_ms"], "it finds the record's time", found)
        check(found["seq"] <= place["seq"], "it finds the first of that time", found)
    check(peer.good("SEEK", at={"time_ms": 0}).json["after"] == state["low"] - 1, "0 is before all")
    check(peer.good("SEEK", at={"time_ms": LARGEST}).json["after"] >= state["head"], "the far future is the end")


@case("SEEK without a place, or to no place, gets 400")
def reading_seek_bad():
    peer = Peer()
    for members in {}, {"at": "middle"}, {"at": {}}, {"at": {"time_ms": "x"}}, {"at": 3}, {"at": None}:
        peer.refused(400, "SEEK", **members)


@case("COMMIT is taken, once as twice")
def reading_commit():
    state, peer = hello(), Peer()
    for _ in range(2):
        reply = peer.good("COMMIT", consumer=f"conformance-{RUN}", after=state["low"] - 1)
        check(isinstance(reply.json.get("head"), int), "it answers the head", reply.json)


@case("CONSUMER lists who has committed, tells of one and forgets it, once as twice")
def reading_consumer():
    state, peer = log_with(3), Peer()
    name = f"conformance-{RUN}-consumer"
    peer.good("COMMIT", consumer=name, after=state["head"] - 2)
    one = peer.good("CONSUMER", consumer=name).json
    check(one["after"] == state["head"] - 2, "its place is the one that it has committed", one)
    check(one["lag"] == one["head"] - one["after"], "'lag' counts what stands behind it", one)
    for member in "lag_ms", "seen_ms", "lost":
        check(isinstance(one.get(member), int) and one[member] >= 0, f"'{member}' is a number", one)
    check(isinstance(one.get("holds"), bool), "'holds' is true or false", one)
    names, after = [], {}
    while True:
        page = peer.good("CONSUMER", max=50, **after).json
        names += [entry["consumer"] for entry in page["consumers"]]
        if "next" not in page:
            break
        after = {"after": page["next"]}
    check(name in names and names == sorted(names), "it is in the list, which is in the order of names", names[:20])
    for existed in True, False:
        gone = peer.good("CONSUMER", consumer=name, action="forget").json
        check(gone == {"forgotten": name, "existed": existed}, "it is forgotten", gone)
    peer.refused(404, "CONSUMER", "UNKNOWN_CONSUMER", consumer=name)
    peer.refused(400, "CONSUMER", action="forget")
    peer.refused(400, "CONSUMER", consumer=name, action="dance")


@case("COMMIT of nothing, of nobody or beyond the end is refused")
def reading_commit_bad():
    peer = Peer()
    for members in (
        {}, {"consumer": "c"}, {"after": 0}, {"consumer": "", "after": 0}, {"consumer": "c" * 101, "after": 0},
        {"consumer": "c", "after": -1}, {"consumer": 1, "after": 0},
    ):  # fmt: skip
        peer.refused(400, "COMMIT", **members)
    check("head" in peer.refused(416, "COMMIT", consumer="c", after=LARGEST), "a 416 has the head")


# --- FETCH


@case("FETCH walks the whole log: ascending, without a hole, in its epochs, and times do not go back")
def fetch_walk():
    state, peer = log_with(1), Peer()
    cursor, expected, last_time = {"after": 0}, state["low"], 0
    while expected <= min(state["head"], state["low"] + 20_000):
        reply = peer.good("FETCH", **cursor, max=500)
        records = reply.records()
        check(records, "there are records up to the head", reply.json)
        for place, record in records:
            check(place["seq"] == expected, f"record {expected} comes next", place["seq"])
            epoch = [number for number, first in state["epochs"] if first <= expected][-1]
            check(place["epoch"] == epoch and place["stream"] == state["stream"], f"it is of epoch {epoch}", place)
            check(place["time_ms"] >= last_time, "commit times do not go back", (last_time, place))
            value = json.loads(record)
            check(isinstance(value.get("v"), int), "a record has 'v'", value)
            check(isinstance(value.get("type"), str), "a record has 'type'", value)
            expected, last_time = expected + 1, place["time_ms"]
        cursor = reply.json["next"]
        check(cursor["after"] == expected - 1, "'next' is at the last record", cursor)
        check(cursor["time_ms"] == last_time, "'next' has the last record's time", cursor)


@case("FETCH answers with stream, epoch, low, head, next and count, and 'next' is taken as it stands")
def fetch_members():
    state, peer = log_with(2), Peer()
    reply = peer.good("FETCH", max=1)
    for name in "stream", "epoch", "low", "head", "next", "count":
        check(name in reply.json, f"the answer has '{name}'", reply.json)
    check(reply.seqs() == [state["low"]], "after 0 without a stream comes the oldest record", reply.seqs())
    again = peer.good("FETCH", **reply.json["next"], max=1)
    check(again.seqs() == [state["low"] + 1], "after 'next' comes the next one", again.seqs())


@case("FETCH gives the same bytes each time")
def fetch_same():
    log_with(2)
    check(Peer().good("FETCH", max=2).payload == Peer().good("FETCH", max=2).payload, "the payload is the same")


@case("FETCH keeps to 'max', and takes the largest that it can where more is asked")
def fetch_max():
    state, peer = log_with(3), Peer()
    check(len(peer.good("FETCH", max=2).records()) == 2, "two come where two are asked")
    check(1 <= len(peer.good("FETCH", max=LARGEST).records()) <= state["max"], "at most HELLO's 'max' come")
    check(len(peer.good("FETCH").records()) <= 100, "at most 100 come where nothing is said")


@case("FETCH keeps to 'max_bytes', and one record comes in any case")
def fetch_bytes():
    log_with(3)
    peer = Peer()
    sizes = [len(record) for _, record in peer.good("FETCH", max=3).records()]
    check(len(peer.good("FETCH", max_bytes=1).records()) == 1, "one record comes for one byte")
    check(len(peer.good("FETCH", max=3, max_bytes=sum(sizes[:2])).records()) == 2, "two come where two fit")
    check(len(peer.good("FETCH", max=3, max_bytes=sum(sizes[:2]) - 1).records()) == 1, "one comes where two do not fit")


@case("FETCH filters by prefixes of topics, and 'next' passes over what they leave out")
def fetch_topics():
    state, peer = log_with(1), Peer()
    none = peer.good("FETCH", topics=["conformance/"], max=1000)
    while none.json["next"]["after"] < state["head"]:
        none = peer.good("FETCH", **none.json["next"], topics=["conformance/"])
        check(none.json["count"] == 0, "nothing is in a topic that nobody has", none.json)
    check(none.json["count"] == 0, "nothing is in a topic that nobody has", none.json)
    types = {"art/": {"article", "kill", "gone"}, "file/": {"file", "gone"}, "result/": {"result", "gone"}}
    for topic, expected in types.items():
        found = {json.loads(record)["type"] for _, record in peer.good("FETCH", topics=[topic], max=200).records()}
        check(found <= expected, f"{topic} has {sorted(expected)}", sorted(found))
    all_of_them = peer.good("FETCH", max=50).seqs()
    check(peer.good("FETCH", topics=["art/", "file/", "result/", "match/"], max=50).seqs() == all_of_them,
          "all topics together are everything")  # fmt: skip


@case("FETCH waits for its time where nothing comes, and answers with the head as 'next'")
def fetch_wait():
    state, peer = hello(), Peer()
    begin = time.monotonic()
    reply = peer.good("FETCH", **start_of(state, state["head"]), topics=["conformance/"], wait_ms=400)
    check(0.35 <= time.monotonic() - begin < 3, "it answers after 0.4 s", time.monotonic() - begin)
    check(reply.json["count"] == 0 and reply.json["next"]["after"] == reply.json["head"], "with no record", reply.json)
    begin = time.monotonic()
    peer.good("FETCH", **start_of(state, reply.json["head"]), topics=["conformance/"])
    check(time.monotonic() - begin < 0.35, "without wait_ms it answers at once")


@case("FETCH that waits is answered as soon as a record comes")
def fetch_wakes():
    publish, state, peer = prepared("publish"), hello(), Peer()
    peer.start("FETCH", b"w", **start_of(state, state["head"]), topics=["art/"], wait_ms=30_000)
    publish()
    reply = peer.answer(b"w", 20)
    check(reply.ok and reply.json["count"] >= 1, "it is answered with the record", reply.json)


@case("FETCH of what is malformed gets 400")
def fetch_bad():
    peer = Peer()
    for members in (
        {"after": -1}, {"after": "x"}, {"after": 1.5}, {"max": 0}, {"max_bytes": 0}, {"wait_ms": -1}, {"stream": "x"},
        {"topics": "art/"}, {"topics": [1]}, {"topics": ["x" * 201]}, {"topics": ["a\nb"]}, {"topics": ["x"] * 1001},
        {"epoch": -1}, {"time_ms": "x"},
    ):  # fmt: skip
        peer.refused(400, "FETCH", **members)


@case("a cursor of another log gets 404 with the server's stream")
def fetch_stream():
    error = Peer().refused(404, "FETCH", "UNKNOWN_STREAM", stream=str(uuid.uuid4()), epoch=1, after=0)
    check(error.get("stream") == hello()["stream"], "'stream' is the server's", error)


@case("a cursor of another epoch gets 409 with the epochs")
def fetch_epoch():
    state = hello()
    for after in state["low"] - 1, LARGEST:  # EPOCH is looked for before AHEAD
        error = Peer().refused(409, "FETCH", "EPOCH", **(start_of(state, after) | {"epoch": state["epoch"] + 1}))
        check(error.get("epochs") == state["epochs"], "'epochs' are HELLO's", error)
        check("low" in error and "head" in error, "it has 'low' and 'head'", error)


@case("a cursor whose record was committed at another time gets 409, one without a time or with 0 is taken")
def fetch_time():
    state, peer = log_with(1), Peer()
    place, _ = peer.good("FETCH", max=1).records()[0]
    cursor = start_of(state, place["seq"])
    peer.good("FETCH", **cursor, time_ms=place["time_ms"])
    peer.good("FETCH", **cursor, time_ms=0)
    peer.good("FETCH", **cursor)
    peer.refused(409, "FETCH", "EPOCH", **cursor, time_ms=place["time_ms"] + 1)


@case("a cursor of an earlier epoch finds where to go on, by the rule of the specification")
def fetch_resume():
    state = hello()
    needs(len(state["epochs"]) > 1, "a log of at least two epochs")
    (epoch, _), (_, first) = state["epochs"][-2:]
    cursor = {"stream": state["stream"], "epoch": epoch, "after": min(first + 5, LARGEST)}
    error = Peer().refused(409, "FETCH", "EPOCH", **cursor)
    following = [entry for entry in error["epochs"] if entry[0] > epoch][0]
    resumed = {"stream": state["stream"], "epoch": following[0], "after": min(cursor["after"], following[1] - 1)}
    reply = Peer().good("FETCH", **resumed, max=1)
    check(reply.json["next"]["epoch"] == state["epoch"], "it goes on in the present epoch", reply.json)


@case("a cursor behind the end gets 416 with the head")
def fetch_ahead():
    state = hello()
    for after in state["head"] + 1000, LARGEST:
        error = Peer().refused(416, "FETCH", "AHEAD", **start_of(state, after))
        check(error.get("head", -1) >= state["head"], "'head' is there", error)


@case("a cursor before what retention has left gets 410 with 'low'")
def fetch_expired():
    state = hello()
    needs(state["low"] > 1, "a log whose beginning retention has removed")
    error = Peer().refused(410, "FETCH", "EXPIRED", **start_of(state, state["low"] - 2))
    check(error.get("low", 0) >= state["low"] and "head" in error, "it has 'low' and 'head'", error)
    Peer().good("FETCH", **start_of(state, error["low"] - 1))


@case("a fifth request of a peer gets 429 while four wait, and another peer is served")
def fetch_busy():
    state, peer = hello(), Peer()
    wait = start_of(state, state["head"]) | {"topics": ["conformance/"], "wait_ms": 2000}
    for rid in b"1", b"2", b"3", b"4":
        peer.start("FETCH", rid, **wait)
    reply = peer.ask("FETCH", rid=b"5", **wait)
    check(reply.code == 429 and reply.json.get("retry_ms", 0) > 0, "the fifth gets 429 with retry_ms", reply.json)
    Peer().good("PING")
    rids = sorted(peer.receive(8)[2] for _ in range(4))
    check(rids == [b"1", b"2", b"3", b"4"], "the four are answered at their time", rids)
    check(peer.ask("PING").ok, "then the peer is served on")


# --- Shared work


class Group:
    """A group of this run, made by its first CLAIM."""

    made = []

    def __init__(self, **creation):
        self.name = f"conformance-{RUN}-{len(Group.made)}"
        Group.made.append(self.name)
        self.peer, self.creation = Peer(), {"from": "first"} | creation

    def claim(self, owner, **members):
        members = {"max": 2, "lease_ms": 60_000} | members
        reply = self.peer.good("CLAIM", group=self.name, owner=owner, create=self.creation, **members)
        leases = reply.json.get("leases")
        seqs = reply.seqs()
        check(isinstance(leases, list) and [lease["seq"] for lease in leases] == seqs, "a lease a record", leases)
        check(seqs == sorted(seqs), "records ascend", seqs)
        for lease in leases:
            check(0 < lease["left_ms"] <= 60_000 and lease["attempt"] >= 1, "a lease has attempt and left_ms", lease)
        return {lease["seq"]: lease["attempt"] for lease in leases}

    def settle(self, command, owner, seqs=None, **members):
        body = {"group": self.name, "owner": owner} | ({} if seqs is None else {"seqs": list(seqs)}) | members
        reply = self.peer.good(command, **body).json
        for name in "done", "stale":
            check(isinstance(reply.get(name), list), f"it has '{name}'", reply)
        if seqs is not None:
            check(sorted(reply["done"] + reply["stale"]) == sorted(seqs), "each is done or stale", reply)
        return reply

    def state(self):
        return self.peer.good("GROUP", group=self.name).json


@case("CLAIM leases records, and each goes to one owner")
def work_claim():
    log_with(6)
    group = Group()
    one, two = group.claim("one"), group.claim("two")
    check(len(one) == 2 and len(two) == 2, "two records each", (one, two))
    check(not set(one) & set(two), "no record goes to both", (one, two))
    check(set(one.values()) | set(two.values()) == {1}, "it is the first attempt", (one, two))


@case("an owner that claims again gets what it holds, and no attempt is charged")
def work_again():
    log_with(6)
    group = Group()
    first = group.claim("one")
    check(group.claim("one") == first, "the same records at the same attempt", first)


@case("DONE ends records, once as twice, and they do not come again")
def work_done():
    log_with(6)
    group = Group()
    seqs = list(group.claim("one"))
    check(group.settle("DONE", "one", seqs)["done"] == seqs, "they are done")
    group.settle("DONE", "one", seqs)
    check(not set(group.claim("one")) & set(seqs), "they do not come again")
    check(group.settle("DONE", "one", [])["done"] == [], "nothing is done with nothing")


@case("what an owner does not hold is stale, whatever the command")
def work_stale():
    log_with(6)
    group = Group()
    seqs = list(group.claim("one"))
    for command in "DONE", "EXTEND", "NACK", "RELEASE":
        check(group.settle(command, "two", seqs)["stale"] == seqs, f"{command} of another's records is stale")
    check(group.settle("DONE", "one", seqs)["done"] == seqs, "its owner still has them")


@case("EXTEND lengthens leases")
def work_extend():
    log_with(6)
    group = Group()
    seqs = list(group.claim("one", lease_ms=400))
    reply = group.settle("EXTEND", "one", seqs, lease_ms=30_000)
    check(reply.get("left_ms") == 30_000, "it says for how long", reply)
    time.sleep(0.6)
    check(not set(group.claim("two")) & set(seqs), "nobody else gets them when the first lease would have ended")


@case("a lease that ends gives its records to another owner, at the next attempt")
def work_expiry():
    log_with(6)
    group = Group()
    seqs = list(group.claim("one", lease_ms=200))
    time.sleep(0.4)
    second = group.claim("two")
    check(second == {seq: 2 for seq in seqs}, "the other owner gets them at attempt 2", second)
    check(group.settle("DONE", "one", seqs)["stale"] == seqs, "the first owner's DONE is stale")


@case("CLAIM that waits gets what comes free")
def work_wait():
    log_with(2)
    group, other = Group(), Peer()
    head = hello()["head"]
    group.creation["from"] = head - 1
    seqs = list(group.claim("one", max=1))
    other.start("CLAIM", b"w", group=group.name, owner="two", wait_ms=20_000)
    check(other.receive(0.3) is None, "it waits")
    group.settle("RELEASE", "one", seqs)
    reply = other.answer(b"w", 5)
    check(reply.ok and reply.seqs() == seqs, "it gets what was given back", reply.json)


@case("RELEASE gives back what is named, or everything, and charges no attempt")
def work_release():
    log_with(6)
    group = Group()
    seqs = list(group.claim("one", max=3))
    check(group.settle("RELEASE", "one", seqs[:1])["done"] == seqs[:1], "one is given back")
    check(group.settle("RELEASE", "one")["done"] == seqs[1:], "without seqs, the rest")
    check(group.claim("two", max=3) == {seq: 1 for seq in seqs}, "they come again at attempt 1")


@case("NACK gives records again after their delay, and after the last attempt they are dead, with the reason")
def work_nack():
    log_with(6)
    group = Group(max_attempts=2)
    seq = list(group.claim("one", max=1))[0]
    group.settle("NACK", "one", [seq], delay_ms=300, reason="first")
    check(seq not in group.claim("two", max=1), "it does not come before its delay is over")
    group.settle("RELEASE", "two")
    time.sleep(0.5)
    check(group.claim("two", max=1) == {seq: 2}, "then it comes at attempt 2")
    group.settle("NACK", "two", [seq], reason="the last word")
    state = group.state()
    check(state.get("dead") and state["dead"][0]["seq"] == seq, "it is dead", state)
    check(state["dead"][0]["reason"] == "the last word" and state["dead"][0]["attempts"] == 2, "with its reason", state)
    check(seq not in group.claim("one", max=5), "nobody gets it any more")


@case("the topics of a group filter what it gets")
def work_topics():
    log_with(1)
    check(Group(topics=["conformance/"]).claim("one") == {}, "nothing is in a topic that nobody has")


@case("a group begins where 'create' says, and only the first one says it")
def work_create():
    state = log_with(3)
    group = Group(**{"from": "end"})
    check(group.claim("one") == {}, "at the end there is nothing yet")
    group.creation = {"from": "first"}
    check(group.claim("one") == {}, "where the group is there, 'create' is ignored")
    after = Group(**{"from": state["low"]})
    check(list(after.claim("one", max=1)) == [state["low"] + 1], "after a sequence number comes the next one")


@case("GROUP lists the groups and describes one")
def work_group():
    log_with(6)
    group = Group(topics=[], max_attempts=7)
    seqs = list(group.claim("one"))
    groups = group.peer.good("GROUP").json["groups"]
    listed = [entry if isinstance(entry, str) else entry.get("group") for entry in groups]
    check(group.name in listed, "the list has it", listed)
    state = group.state()
    for name in "group", "topics", "max_attempts", "paused", "floor", "high", "head", "inflight", "dead", "owners":
        check(name in state, f"it has '{name}'", state)
    check(state["max_attempts"] == 7 and state["paused"] is False, "it is as it was made", state)
    check(state["inflight"] == 2 and state["owners"] == ["one"], "what is out is counted", state)
    check(state["floor"] == min(seqs) - 1 and state["high"] == max(seqs), "floor and high stand around it", state)


@case("GROUP pauses, resumes, resets, retries the dead, and deletes")
def work_administer():
    log_with(6)
    group = Group(max_attempts=1)

    def act(action, **members):
        return group.peer.good("GROUP", group=group.name, action=action, **members).json

    seqs = list(group.claim("one"))
    check(act("pause")["paused"] is True, "it is paused")
    check(group.claim("two") == {}, "a paused group gives nothing")
    check(act("resume")["paused"] is False, "it goes on")
    group.settle("NACK", "one", seqs, reason="no")
    check(len(group.state()["dead"]) == 2, "two are dead")
    act("retry-dead")
    check(set(group.claim("two")) == set(seqs), "they come again")
    state = act("reset", **{"from": "first"})
    check(state["inflight"] == 0 and not state["dead"], "nothing is out or dead", state)
    check(list(group.claim("three")) == seqs, "it begins again")
    check(act("delete").get("deleted") == group.name, "it is deleted")
    group.peer.refused(404, "GROUP", "UNKNOWN_GROUP", group=group.name)
    Group.made.remove(group.name)


@case("GROUP makes a group once, and retries and discards single dead letters")
def work_letters():
    log_with(6)
    group = Group(max_attempts=1)
    made = group.peer.good("GROUP", group=group.name, action="create", create={"from": "first", "max_attempts": 1}).json
    again = group.peer.good("GROUP", group=group.name, action="create", create={"from": "end"}).json
    check(made["created"] is True and again["created"] is False, "it is made once", again)
    check(again["floor"] == made["floor"] and again["max_attempts"] == 1, "and stays as it is", again)
    seqs = sorted(group.claim("one", max=4))
    group.settle("NACK", "one", seqs, reason="no")
    page = group.peer.good("GROUP", group=group.name, dead_max=3).json
    check([letter["seq"] for letter in page["dead"]] == seqs[:3], "dead letters come page by page", page)
    check(page["dead_next"] == seqs[2] and page["dead_count"] == 4, "and say how to go on", page)
    rest = group.peer.good("GROUP", group=group.name, dead_after=page["dead_next"]).json
    check([letter["seq"] for letter in rest["dead"]] == seqs[3:] and "dead_next" not in rest, "to the last", rest)

    def act(action, **members):
        return group.peer.good("GROUP", group=group.name, action=action, **members).json

    retried = act("retry-dead", seqs=[seqs[0], LARGEST])
    check(retried["retried"] == 1 and retried["missing"] == [LARGEST], "one is retried", retried)
    check(act("retry-dead", seqs=[seqs[0]])["retried"] == 0, "once")
    check(seqs[0] in group.claim("two", max=1), "and comes again")
    discarded = act("discard-dead", seqs=[seqs[1]])
    check(discarded["discarded"] == 1 and discarded["dead_count"] == 2, "one is discarded", discarded)
    check(act("discard-dead")["discarded"] == 2 and act("discard-dead")["discarded"] == 0, "then all the others")
    for wrong in LARGEST, "here", -1, {}:
        group.peer.refused(400, "GROUP", group=group.name, action="reset", **{"from": wrong})


@case("a group that there is not gets 404 from every command")
def work_unknown():
    peer, body = Peer(), {"group": f"conformance-{RUN}-nobody", "owner": "o"}
    peer.refused(404, "CLAIM", "UNKNOWN_GROUP", **body)
    for command in "DONE", "EXTEND", "NACK", "RELEASE":
        peer.refused(404, command, "UNKNOWN_GROUP", **body, seqs=[1])
    peer.refused(404, "GROUP", "UNKNOWN_GROUP", group=body["group"])


@case("what is malformed in shared work gets 400")
def work_bad():
    log_with(1)
    group = Group()
    group.claim("one", max=1)
    peer, body = group.peer, {"group": group.name, "owner": "one"}
    for change in (
        {"group": ""}, {"group": "g" * 101}, {"owner": ""}, {"owner": "o" * 101}, {"lease_ms": 0},
        {"lease_ms": 3_600_001}, {"max": 0}, {"max_bytes": 0}, {"wait_ms": -1}, {"group": 1}, {"owner": None},
    ):  # fmt: skip
        peer.refused(400, "CLAIM", **(body | change))
    for create in {"from": "middle"}, {"from": LARGEST}, {"max_attempts": 0}, {"topics": ["a\nb"]}, {"topics": "art/"}:
        peer.refused(400, "CLAIM", group=f"conformance-{RUN}-bad", owner="o", create=create)
    for command, change in (
        ("DONE", {}), ("EXTEND", {}), ("NACK", {}), ("DONE", {"seqs": [-1]}), ("DONE", {"seqs": "1"}),
        ("EXTEND", {"seqs": [1], "lease_ms": 0}), ("NACK", {"seqs": [1], "delay_ms": -1}),
        ("NACK", {"seqs": [1], "delay_ms": 86_400_001}),
    ):  # fmt: skip
        peer.refused(400, command, **body, **change)
    peer.refused(400, "GROUP", action="pause")
    peer.refused(400, "GROUP", group=group.name, action="dance")


# --- The feed


@case("a subscriber sees a head within 1.1 s, and one every second")
def feed_head():
    state, subscriber = hello(), Subscriber("")
    head = lambda seconds: subscriber.message(seconds, lambda topic: topic == "!head")
    frames = head(1.1 + options.slack)
    check(frames is not None, "a head comes")
    place, body = position(frames[1], HEAD), json.loads(frames[2])
    check(place["stream"] == state["stream"] and place["epoch"] == state["epoch"], "it is of this stream", place)
    check(place["seq"] >= state["head"], "it has the last sequence number", place)
    check(abs(place["time_ms"] / 1000 - time.time()) < 60, "it has the present time", place)
    check(body.get("boot") == state["boot"] and body.get("interval_ms") == 1000, "it has boot and interval_ms", body)
    check(isinstance(body.get("low"), int) and body.get("name") == state["name"], "it has low and name", body)
    check(all(isinstance(address, str) for address in body.get("log", [0])), "it has the log's addresses", body)
    for _ in range(2):
        begin = time.monotonic()
        check(head(1.1 + options.slack) is not None, "the next head comes within 1.1 s")
        check(time.monotonic() - begin > 0.05, "heads do not come in floods")


@case("a record on the feed is that of the log, byte for byte, on its topic")
def feed_record():
    publish, subscriber = prepared("publish"), Subscriber("")
    check(subscriber.message(5) is not None, "it has joined")
    publish()
    frames = subscriber.message(20, lambda topic: topic.startswith("art/"))
    check(frames is not None, "the record comes")
    topic, place = frames[0].decode(), position(frames[1], RECORD)
    check(TOPIC.fullmatch(topic), "the topic has the form of topics", topic)
    reply = Peer().good("FETCH", **start_of(hello(), place["seq"] - 1), max=1, topics=[topic])
    check(reply.payload == frames[1:3], "FETCH gives the same position and record")


@case("a subscriber of a prefix gets nothing else")
def feed_prefix():
    publish, subscriber = prepared("publish"), Subscriber("art/")
    everything = Subscriber("")
    check(everything.message(5) is not None, "it has joined")
    publish()
    check(subscriber.message(20) is not None, "a record comes")
    end = time.monotonic() + 1.5
    while (frames := subscriber.message(max(0, end - time.monotonic()))) is not None:
        check(frames[0].startswith(b"art/"), "nothing else comes, not even a head", frames[0])


@case("a record that is too large for the feed comes as a reference to the log")
def feed_reference():
    publish, subscriber = prepared("publish_large"), Subscriber("art/", "!")
    check(subscriber.message(5) is not None, "it has joined")
    publish()
    while True:
        frames = subscriber.message(20, lambda topic: topic.startswith("art/"))
        check(frames is not None, "the reference comes")
        if frames[1][3] == REFERENCE:
            break
    place, stub = position(frames[1], REFERENCE), json.loads(frames[2])
    _, record = Peer().good("FETCH", **start_of(hello(), place["seq"] - 1), max=1).records()[0]
    check(stub.get("bytes") == len(record) > 65536, "it has the record's size", stub)
    value = json.loads(record)
    check(stub.get("type") == value["type"] and stub.get("id") == value.get("id"), "and its type and id", stub)


@case("a server that stops says so, on the feed and to who waits")
def stop_bye():
    stop, subscriber, peer, state = prepared("stop"), Subscriber("!"), Peer(), hello()
    check(subscriber.message(5) is not None, "it has joined")
    peer.start("FETCH", b"w", **start_of(state, state["head"]), topics=["conformance/"], wait_ms=60_000)
    peer.start("PING", b"p")
    check(peer.answer(b"p").ok, "the FETCH waits")
    for name in list(Group.made):
        delete(name)
    threading.Thread(target=stop, daemon=True).start()
    frames = subscriber.message(20, lambda topic: topic == "!bye")
    check(frames is not None, "the bye comes")
    check(position(frames[1], BYE)["seq"] >= state["head"] and frames[2] == b"{}", "with the last number", frames)
    reply = peer.answer(b"w", 20)
    check(reply.code == 503 and reply.json["name"] == "STOPPING", "the FETCH gets 503 STOPPING", reply.json)


# --- What cannot be provoked from outside


@case("403: what a role may not do is refused")
def outside_forbidden():
    needs(False, "a server with an allow list and a key without the role")


@case("500 and 503 DISK_FULL say when to ask again")
def outside_failures():
    needs(False, "a server whose disk is full")


# MARK: The run


def delete(name):
    try:
        Peer().ask("GROUP", seconds=2, group=name, action="delete")
    except Failed:
        pass
    if name in Group.made:
        Group.made.remove(name)


def run(group, name, function):
    begin = time.monotonic()
    try:
        function()
        result, detail = "passed", None
    except Skipped as reason:
        result, detail = "skipped", str(reason)
    except Failed as reason:
        result, detail = "failed", str(reason)
    except Exception as error:  # what came could not even be read
        result, detail = "failed", f"{type(error).__name__}: {error}"
    return {"case": f"{group}: {name}", "id": function.__name__, "result": result, "detail": detail,
            "seconds": round(time.monotonic() - begin, 3)}  # fmt: skip


def tell(outcome):
    if options.json:
        print(json.dumps({name: value for name, value in outcome.items() if value is not None}), flush=True)
    else:
        mark = {"passed": "pass", "failed": "FAIL", "skipped": "skip"}[outcome["result"]]
        detail = {"failed": f"\n      {outcome['detail']}", "skipped": f"\n      skipped: {outcome['detail']}"}
        print(f"{mark}  {outcome['case']}{detail.get(outcome['result'], '')}", flush=True)


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="%(prog)s --log ENDPOINT [options]")  # fmt: skip
    add = parser.add_argument
    add("--log", metavar="ENDPOINT", help="the log's socket (ROUTER)")
    add("--feed", metavar="ENDPOINT", help="the feed's socket (XPUB); without it, cases of the feed are skipped")
    add("--prepared", metavar="FILE", help="how to do what a case cannot do from outside, see above")
    add("--only", metavar="TEXT", action="append", help="only cases with this in their id or name (may be repeated)")
    add("--curve", nargs=3, metavar=("SERVER", "PUBLIC", "SECRET"),
        help="keys of CURVE in Z85: the server's, and this client's two")  # fmt: skip
    add("--slack", type=float, default=1.0, metavar="SECONDS", help="how late something may come (1)")
    add("--json", action="store_true", help="a JSON object a case, and one for the summary")
    add("--list", action="store_true", help="print the cases and end")
    parsed = parser.parse_args()
    if not parsed.list and not parsed.log:
        parser.error("--log says which server")
    try:
        text = open(parsed.prepared).read() if parsed.prepared else "{}"
        parsed.prepared = json.loads(text)
    except (OSError, ValueError) as error:
        parser.error(f"--prepared: {error}")
    return parsed


def main():
    global options
    argparse.ArgumentParser.exit = lambda self, status=0, message=None: (
        sys.stderr.write(message or ""), sys.exit(64 if status else 0))  # fmt: skip
    options = arguments()
    chosen = [
        entry for entry in CASES
        if not options.only or any(text in entry[2].__name__ or text in entry[1] for text in options.only)
    ]  # fmt: skip
    if options.list:
        for group, name, function in chosen:
            print(f"{function.__name__:24} {group}: {name}")
        return 0
    probe = Peer()
    probe.send("DW1", "PING", "probe", "{}")
    if probe.receive(10) is None:
        print(f"nothing answers at {options.log}", file=sys.stderr)
        return 69
    outcomes = []
    # What stops the server comes last.
    for group, name, function in sorted(chosen, key=lambda entry: entry[0] == "stop"):
        outcomes.append(run(group, name, function))
        tell(outcomes[-1])
    for name in list(Group.made):
        delete(name)
    counts = {word: sum(outcome["result"] == word for outcome in outcomes) for word in ("passed", "failed", "skipped")}
    print(json.dumps(counts) if options.json else ", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # not by way of the context, which would wait for sockets
