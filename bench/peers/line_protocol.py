"""The worker's side of the benchmark's line protocol: one JSON object per line on stdin and stdout.

The first line a worker writes is {"ready": true, ...}; then every command gets one line in answer.
Anything a library prints goes to stderr, so that stdout stays a clean channel.
"""

import json
import os
import sys

_channel = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)


def say(message):
    _channel.write(json.dumps(message) + "\n")


def log(text):
    """A line for the person watching."""
    print(text, file=sys.stderr, flush=True)


def serve(description, commands):
    """Answers commands until {"cmd": "exit"} or the end of stdin."""
    say({"ready": True, **description})
    for line in sys.stdin:
        request = json.loads(line)
        name = request.pop("cmd")
        if name == "exit":
            return
        say(commands[name](**request))
