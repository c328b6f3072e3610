#!/usr/bin/env python3
"""Peers that a server has to bear: it runs one kind of them until its standard input closes.

    hostile-peers.py subscribers FEED N COUNT   N subscribers; says how many records under "art/" each has
    hostile-peers.py frozen FEED N              N subscribers that never read
    hostile-peers.py flood LOG N                N clients that send requests as fast as they can and never read
    hostile-peers.py deaf LOG N                 N clients that ask for much and never read
    hostile-peers.py half ADDRESS N             N connections each that stop in the middle of a greeting or a frame
    hostile-peers.py connect ADDRESS N          N connections that say nothing
    hostile-peers.py endless ADDRESS BYTES      one message that does not end, BYTES long
    hostile-peers.py mutate ADDRESS SEED        frames and messages made at random, of SEED

ADDRESS is "tcp://HOST:PORT" or "ipc://PATH". Each says "ready" when it is at work. It needs python3-zmq.
"""

import os, random, resource, select, socket, struct, sys, threading, time, zmq

GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + bytes(32)


def metadata(name, value):
    return bytes([len(name)]) + name + struct.pack(">I", len(value)) + value


def command(name, body):
    content = bytes([len(name)]) + name + body
    return bytes([4, len(content)]) + content


READY = command(b"READY", metadata(b"Socket-Type", b"DEALER") + metadata(b"Identity", b""))


def say(text):
    print(text, flush=True)


def is_over(seconds=0.0):
    """Standard input has closed."""
    return bool(select.select([0], [], [], seconds)[0])


def wait():
    while not is_over(60):
        pass


def subscriber(context, address, limit):
    made = context.socket(zmq.SUB)
    made.linger, made.rcvhwm = 0, limit
    made.subscribe("")
    made.connect(address)
    return made


def subscribers(address, count, expected):
    context, poller = zmq.Context(), zmq.Poller()
    context.max_sockets = count + 10
    sockets = [subscriber(context, address, 100_000) for _ in range(count)]
    seen, joined = {each: set() for each in sockets}, set()
    for each in sockets:
        poller.register(each, zmq.POLLIN)
    told, has = set(), 0
    while has < expected and not is_over():
        for each, _ in poller.poll(100):
            try:
                while True:
                    topic, position, _ = each.recv_multipart(zmq.NOBLOCK)
                    if topic.startswith(b"art/"):
                        seen[each].add(position[24:32])
                    else:
                        joined.add(each)
            except zmq.Again:
                pass
        if len(joined) == count and "ready" not in told:
            told.add("ready")
            say("ready")
        if (least := min(len(each) for each in seen.values())) > has:
            has = least
            say(f"has {has}")
    wait()


def frozen(address, count):
    context = zmq.Context()
    context.max_sockets = count + 10
    sockets = [subscriber(context, address, 1) for _ in range(count)]
    for each in sockets:
        each.poll(10_000)
    say("ready")
    wait()
    del sockets


def client(context, address):
    made = context.socket(zmq.DEALER)
    made.linger, made.rcvhwm = 0, 1
    made.connect(address)
    return made


def flood(address, count):
    context = zmq.Context()
    sockets = [client(context, address) for _ in range(count)]
    requests = [
        [b"DW1", b"FETCH", b"r", b'{"wait_ms":60000,"topics":["none/"]}'], [b"DW1", b"PING", b"r", b"{}"],
        [b"DW1", b"HELLO", b"r", b"{}"], [b"DW1", b"NOTHING", b"r", b"{}"], [b"DW2"], [b"XX"],
        [b"DW1", b"FETCH", b"r", b'{"max":1000,"max_bytes":8388608}'],
        [b"DW1", b"PING", b"r", b"{" + b" " * 60000 + b"}"],
    ]  # fmt: skip
    say("ready")
    sent = 0
    while not is_over():
        for _ in range(200):
            for each in sockets:
                try:
                    each.send_multipart(requests[sent % len(requests)], zmq.NOBLOCK)
                    sent += 1
                except zmq.Again:
                    pass
    say(f"{sent} requests")


def deaf(address, count):
    context = zmq.Context()
    context.max_sockets = count + 10
    sockets = [client(context, address) for _ in range(count)]
    for each in sockets:
        for number in range(20):
            each.send_multipart([b"DW1", b"FETCH", bytes([number]), b'{"max":1000,"max_bytes":8388608}'])
    say("ready")
    wait()
    del sockets


def connected(address):
    if address.startswith("ipc://"):
        made = socket.socket(socket.AF_UNIX)
        made.connect(address[6:])
    else:
        host, port = address[6:].rsplit(":", 1)
        made = socket.create_connection((host, int(port)))
    return made


def half(address, count):
    starts = [
        b"", GREETING[:1], GREETING[:10], GREETING[:40], GREETING, GREETING + READY[:3],
        # A frame of 1 GiB, a frame of 1 MB of which half comes, a frame with more to come, a command of 1 GiB.
        GREETING + READY + b"\x02" + struct.pack(">Q", 1 << 30),
        GREETING + READY + b"\x02" + struct.pack(">Q", 1_000_000) + bytes(500_000),
        GREETING + READY + b"\x01\x03DW1", GREETING + READY + b"\x06" + struct.pack(">Q", 1 << 30),
        GREETING + READY + b"\x02" + b"\xff" * 8, b"GET / HTTP/1.1\r\n\r\n", bytes(range(256)) * 4,
    ]  # fmt: skip
    sockets = []
    for start in starts * count:
        try:
            made = connected(address)
            made.settimeout(5)
            made.sendall(start)
            sockets.append(made)
        except OSError:
            pass  # it was refused, which is an answer, too
    say("ready")
    wait()


def connect(address, count):
    sockets = []
    for _ in range(count):
        try:
            sockets.append(connected(address))
        except OSError:
            time.sleep(0.01)  # the backlog is full
    say("ready")
    wait()


def endless(address, count):
    frame = b"\x03" + struct.pack(">Q", 1 << 16) + bytes(1 << 16)
    say("ready")
    sent = 0
    while sent < count and not is_over():
        sent = 0
        try:
            made = connected(address)
            made.sendall(GREETING + READY)
            while sent < count and not is_over():
                made.sendall(frame)
                sent += len(frame)
        except OSError:
            time.sleep(0.1)  # it was refused or let go, which is an answer, too: once more from the beginning
    say(f"{sent} bytes")
    wait()


def mutate(address, seed):
    """Messages that are nearly right, through ZeroMQ, and bytes that are nearly ZMTP, below it."""
    generator = random.Random(seed)
    good = [
        [b"DW1", b"HELLO", b"r", b'{"want":[1]}'], [b"DW1", b"SEEK", b"r", b'{"at":{"time_ms":5}}'],
        [b"DW1", b"FETCH", b"r", b'{"stream":"00112233-4455-6677-8899-aabbccddeeff","epoch":1,"after":3,"time_ms":5}'],
        [b"DW1", b"FETCH", b"r", b'{"after":0,"max":3,"max_bytes":100,"wait_ms":1,"topics":["art/","file/"]}'],
        [b"DW1", b"COMMIT", b"r", b'{"consumer":"c","after":1}'],
        [b"DW1", b"CLAIM", b"r", b'{"group":"mutants","owner":"o","max":1,"lease_ms":1,"create":{"from":"first"}}'],
        [b"DW1", b"DONE", b"r", b'{"group":"mutants","owner":"o","seqs":[1,2]}'],
        [b"DW1", b"NACK", b"r", b'{"group":"mutants","owner":"o","seqs":[1],"delay_ms":1,"reason":"x"}'],
        [b"DW1", b"GROUP", b"r", b'{"group":"mutants","action":"reset","from":1}'],
    ]  # fmt: skip

    def changed(data):
        data = bytearray(data)
        for _ in range(generator.randint(0, 4)):
            kind, place = generator.randint(0, 4), generator.randint(0, len(data))
            if kind == 0:
                data[place:place] = generator.randbytes(generator.choice([1, 2, 8, 70]))
            elif kind == 1:
                del data[place : place + generator.randint(1, 8)]
            elif kind == 2 and place < len(data):
                data[place] ^= 1 << generator.randint(0, 7)
            elif kind == 3:
                words = [b"-1", b"null", b"[]", b"{}", b"1e999", b"9" * 30, b'"', b"\\u0000"]
                data[place:place] = generator.choice(words)
            else:
                data[place:place] = data[: generator.randint(0, 40)]
        return bytes(data)

    def mutant():
        frames = [changed(frame) if generator.random() < 0.4 else frame for frame in generator.choice(good)]
        for _ in range(generator.choice([0, 0, 0, 1, 2])):
            kind, place = generator.randint(0, 2), generator.randint(0, len(frames))
            if kind == 0:
                frames.insert(place, generator.randbytes(generator.choice([0, 1, 40, 5000])))
            elif kind == 1:
                frames[place : place + 1] = []
            else:
                frames[place:place] = frames
        return frames or [b""]

    context, sent = zmq.Context(), 0
    peers = []
    say("ready")
    while not is_over():
        while len(peers) < 8:
            peers.append(client(context, address))
        for each in peers:
            try:
                for _ in range(20):
                    each.send_multipart(mutant(), zmq.NOBLOCK)
                    sent += 1
                while True:
                    each.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                pass
        # One is replaced: what it had waiting goes with it.
        peers.pop(generator.randrange(len(peers))).close()
        wire = GREETING + READY
        for _ in range(20):
            for frame in (frames := mutant()):
                more = frame is not frames[-1]
                wire += struct.pack(">BQ", 2 | more, len(frame)) + frame
        try:
            raw = connected(address)
            raw.settimeout(1)
            cut = generator.randrange(len(wire)) if generator.random() < 0.5 else 0
            raw.sendall(wire[:cut] + changed(wire[cut:]))
            raw.close()
        except OSError:
            pass
    say(f"{sent} messages")


kind, place, *numbers = sys.argv[1:]
# As many descriptors as it can get: it is the server's limit that is tried.
_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
kinds = dict(subscribers=subscribers, frozen=frozen, flood=flood, deaf=deaf, half=half, connect=connect,
             endless=endless, mutate=mutate)  # fmt: skip
kinds[kind](place, *map(int, numbers))
sys.stdout.flush()
os._exit(0)
