"""Runs a program on a terminal of its own and plays its user.

    user.py STEPS PROGRAM [ARGUMENT…]

STEPS is a JSON list: ["see", TEXT] waits until the program has written that since the last step, ["type", KEYS],
["resize", COLUMNS, ROWS], ["signal", NAME]. Printed is an object: how it ended, whether the terminal is as it was, and
what was written since each step, without the sequences that move the cursor and colour.
"""

import fcntl
import json
import os
import re
import select
import signal
import struct
import sys
import termios
import time

PATIENCE = 30
steps, command = json.loads(sys.argv[1]), sys.argv[2:]
terminal, program_side = os.openpty()


def resize(columns, rows):
    fcntl.ioctl(program_side, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(80, 24)
before = termios.tcgetattr(program_side)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(program_side, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(program_side, descriptor)
    os.closerange(3, 256)
    os.execv(command[0], command)

raw = b""


def read(limit):
    """Takes in what comes within a time; false where nothing does."""
    global raw
    if not select.select([terminal], [], [], max(0, limit))[0]:
        return False
    raw += os.read(terminal, 65536)
    return True


def text(raw):
    # Each screen begins on a line of its own.
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", raw.decode("utf-8", "replace").replace("\x1b[H", "\r\n"))


screens = []
start = 0
for step in steps:
    if step[0] == "see":
        deadline = time.monotonic() + PATIENCE
        while step[1] not in text(raw[start:]):
            if not read(deadline - time.monotonic()):
                os.kill(pid, signal.SIGKILL)
                sys.exit(f"{step[1]!r} does not come; there is:\n{text(raw[start:])}")
        # The whole of the screen that it is on.
        while read(0.05):
            pass
        screens.append(text(raw[start:]))
    elif step[0] == "type":
        start = len(raw)
        os.write(terminal, step[1].encode())
    elif step[0] == "resize":
        start = len(raw)
        resize(step[1], step[2])
    elif step[0] == "signal":
        start = len(raw)
        os.kill(pid, signal.Signals[step[1]])

deadline = time.monotonic() + PATIENCE
while True:
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        break
    if time.monotonic() > deadline:
        os.kill(pid, signal.SIGKILL)
        sys.exit("it does not end")
    read(0.02)
while read(0):
    pass
print(
    json.dumps(
        {
            "exit": os.waitstatus_to_exitcode(status),
            "settings_restored": termios.tcgetattr(program_side) == before,
            "screen_restored": raw.count(b"\x1b[?1049h") == raw.count(b"\x1b[?1049l")
            and raw.count(b"\x1b[?25l") == raw.count(b"\x1b[?25h"),
            "entered": raw.count(b"\x1b[?1049h"),
            "coloured": re.search(rb"\x1b\[[0-9;]*[1-9]m", raw) is not None,
            "screens": screens,
        }
    )
)
