"""A switch between the hosts of a test: it takes Ethernet frames off one port and puts them on the others, late or not at all.

    switch.py PORT…        each PORT is a network interface of this namespace

It takes commands on standard input, a line each, answers each with "ok", and ends with its input:

    delay MILLISECONDS     every frame is that late
    loss SHARE             so many frames are lost (0 to 1), each for itself
    cut PORT               nothing passes that port any more; connections are not told of it
    heal PORT              it passes again
    count                  answers "ok FORWARDED LOST"
"""
import heapq, os, random, select, socket, sys, time

SOL_PACKET, PACKET_VNET_HDR, ETH_P_ALL, PACKET_OUTGOING = 263, 15, 3, 4
VNET_HEADER = 10  # struct virtio_net_hdr: what the kernel has left to do (segments, checksums), which is passed on with the frame


def open_port(name):
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    port.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    port.bind((name, 0))
    port.setblocking(False)
    return port


ports = {name: open_port(name) for name in sys.argv[1:]}
places = {}  # the port behind which a hardware address was seen
waiting = []  # frames under way: (when, number, port, frame)
number, delay, loss, cut, forwarded, lost = 0, 0.0, 0.0, set(), 0, 0
chance = random.Random(1)


def take(name):
    global number, lost
    for _ in range(256):
        try:
            frame, address = ports[name].recvfrom(70_000)
        except BlockingIOError:
            return
        if address[2] == PACKET_OUTGOING:
            continue
        head = frame[VNET_HEADER:]
        places[head[6:12]] = name
        known = places.get(head[0:6])
        for other in [known] if known else ports:
            if other == name:
                continue
            if name in cut or other in cut or chance.random() < loss:
                lost += 1
                continue
            number += 1
            heapq.heappush(waiting, (time.monotonic() + delay, number, other, frame))


def deliver():
    global forwarded
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, name, frame = heapq.heappop(waiting)
        if name in cut:
            continue
        try:
            ports[name].send(frame)
            forwarded += 1
        except OSError:  # the interface is down, or its queue is full: a switch drops
            pass


def command(words):
    global delay, loss
    if words[0] == "delay":
        delay = float(words[1]) / 1000
    elif words[0] == "loss":
        loss = float(words[1])
    elif words[0] == "cut":
        cut.add(words[1])
    elif words[0] == "heal":
        cut.discard(words[1])
    elif words[0] != "count":
        return print(f"there is no command '{words[0]}'", flush=True)
    print(f"ok {forwarded} {lost}" if words[0] == "count" else "ok", flush=True)


sockets = {port.fileno(): name for name, port in ports.items()}
begun = b""  # of a command that has not come whole
print("ready", flush=True)
while True:
    rest = max(0.0, waiting[0][0] - time.monotonic()) if waiting else None
    readable, _, _ = select.select([*sockets, sys.stdin], [], [], rest)
    for item in readable:
        if item is sys.stdin:
            read = os.read(0, 4096)
            if not read:
                sys.exit(0)
            *lines, begun = (begun + read).split(b"\n")
            for line in filter(None, map(bytes.split, lines)):
                command([word.decode() for word in line])
        else:
            take(sockets[item])
    deliver()
