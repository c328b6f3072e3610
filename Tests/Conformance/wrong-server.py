#!/usr/bin/env python3
"""A small server of DW1 that makes one mistake, to show that the conformance kit sees it.

    wrong-server.py ENDPOINT MISTAKE

It has six records in memory and speaks HELLO, PING and FETCH. With the mistake "none" the kit finds none in what it
speaks.
"""

import json, struct, sys, uuid, zmq

endpoint, mistake = sys.argv[1:]
stream, boot = uuid.uuid4(), str(uuid.uuid4())
HEAD = 6
socket = zmq.Context().socket(zmq.ROUTER)
socket.maxmsgsize = 1 << 20
socket.bind(endpoint)


class Refusal(Exception):
    def __init__(self, code, name, **members):
        self.json = {"code": code, "name": name, "msg": "no"} | members


def position(seq):
    form = "<2sBBI16sQq" if mistake == "little-endian" else ">2sBBI16sQq"
    frame = struct.pack(form, b"DW", 1, 2 if mistake == "kind" else 1, 1, stream.bytes, seq, time_of(seq))
    return frame[:32] if mistake == "short position" else frame


def time_of(seq):
    return 1_740_540_420_000 + (-seq if mistake == "time goes back" else seq)


def fetch(body):
    after, most = body.get("after", 0), min(body.get("max", 100), 1000)
    seqs = list(range(after + 1, HEAD + 1))[:most]
    last = seqs[-1] if seqs else after
    if mistake == "hole" and 3 in seqs:
        seqs.remove(3)
    cursor = {"stream": str(stream), "epoch": 1, "after": 0 if mistake == "next stands" else last,
              "time_ms": time_of(last)}  # fmt: skip
    count = len(seqs) + (mistake == "count")
    answer = {"stream": str(stream), "epoch": 1, "low": 1, "head": HEAD, "next": cursor, "count": count}
    return answer, [frame for seq in seqs for frame in (position(seq), b'{"v":1,"type":"article"}')]


def hello(body):
    if not isinstance(body.get("want", []), list):
        raise Refusal(400, "BAD_REQUEST")
    if 1 not in body.get("want", [1]):
        raise Refusal(505, "VERSION", supported=[1])
    return {"version": 1, "stream": str(stream), "epoch": 1, "epochs": [[1, 1]], "name": "x", "boot": boot, "low": 1,
            "head": HEAD, "feed": [], "max": 1000, "max_bytes": 1 << 20, "max_wait_ms": 1000, "heartbeat_ms": 1000,
            "server": "wrong/1", "roles": []}, []  # fmt: skip


def answer(frames):
    if frames[0] != b"DW1" and mistake != "any version":
        raise Refusal(505, "VERSION", supported=[1])
    if len(frames) < 4:
        raise Refusal(400, "BAD_REQUEST")
    if len(frames) > 8 and mistake != "many frames":
        raise Refusal(413, "TOO_LARGE")
    command, text = frames[1], frames[3]
    if len(text) > 65536:
        raise Refusal(413, "TOO_LARGE")
    commands = {b"HELLO": hello, b"PING": lambda body: ({"head": HEAD}, []), b"FETCH": fetch,
                b"SEEK": lambda body: ({}, [])}  # fmt: skip
    if command not in commands:
        raise Refusal(500 if mistake == "wrong code" else 404, "UNKNOWN_COMMAND")
    try:
        body = json.loads(text)
    except ValueError:
        raise Refusal(400, "BAD_REQUEST")
    if not isinstance(body, dict):
        raise Refusal(400, "BAD_REQUEST")
    return commands[command](body)


while True:
    peer, *frames = socket.recv_multipart()
    delimiter = [b""] if frames[:1] == [b""] else []
    frames = frames[len(delimiter) :]
    if not frames or not frames[0].startswith(b"DW") and mistake != "answers strangers":
        continue
    rid = frames[2] if len(frames) > 2 else b""
    try:
        if len(rid) > 64:
            rid = b""
            raise Refusal(400, "BAD_REQUEST")
        body, payload = answer(frames)
        status = b"OK"
    except Refusal as refusal:
        body, payload, status = refusal.json, [], b"ERR"
    rid = b"" if mistake == "drops the id" else rid
    delimiter = [] if mistake == "drops the delimiter" else delimiter
    socket.send_multipart([peer, *delimiter, b"DW1", status, rid, json.dumps(body).encode(), *payload])
