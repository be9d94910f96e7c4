"""How a parity script speaks with the test that started it: JSON in on stdin, JSON out as the last line."""

import json
import sys


def receive() -> dict:
    """The request of the test."""
    return json.load(sys.stdin)


def answer(result) -> None:
    """Ends the script's output with its result."""
    print(json.dumps(result), flush=True)
