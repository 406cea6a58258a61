"""The sandbox's end of the line: greet the referee once, then answer its requests one after the other until it hangs up.

A program in this folder is started as a script with `-I`, so it first makes this folder importable as the package
`hasten_probe` (see worker.py's first lines); inside, modules import each other relatively (`from . import wire`), which
also works on our side, where the folder is `evaluation.probe`. No name of ours can then shadow a module of the project.
"""

import json
import os
import platform
import socket
import sys

from . import wire


class Failed(Exception):
    """A request that could not be carried out, as a typed answer: `code` for the referee, the text for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def serve(path, program):
    """Answer requests with `program(target)[op](header, buffers) -> (header, buffers)`; then end, running no exit hooks.

    `target` is {"path": ..., "name": ...}: the function that the process is for.
    """
    sock, target = _greet(path)
    handlers = program(target)
    try:
        while True:
            header, buffers = wire.receive(sock)
            if header.get("op") == "bye":
                break
            answer, payload = _answer(handlers[header["op"]], header, buffers)
            wire.send(sock, answer, payload)
    except (wire.WireError, OSError):
        pass  # the referee is gone: so are we
    finally:
        sys.stdout.flush()
        os._exit(0)  # what foreign code registered with atexit has no say here


def _answer(handler, header, buffers):
    try:
        return handler(header, buffers)
    except Failed as failure:
        return {"failed": failure.code, "text": str(failure)[:2000]}, ()


def _greet(path):
    words = json.loads(sys.stdin.readline())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(path)
    wire.send(sock, {"hello": words["nonce"], "python": platform.python_version()})
    return sock, words["target"]
