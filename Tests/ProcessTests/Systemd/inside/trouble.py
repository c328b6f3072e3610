"""What went wrong, and waiting for what should go right."""

import time


class Trouble(Exception):
    """Something is not as it must be."""


def require(condition, text):
    if not condition:
        raise Trouble(text)


def wait_until(what, condition, limit=60):
    """Waits until the condition holds, and returns what it gave."""
    end = time.monotonic() + limit
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Trouble(f"{limit} s were not enough: {what}")
        time.sleep(0.05)
