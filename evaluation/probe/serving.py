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
import traceback

from . import wire

UNEXPECTED = "probe"  # the code of what no handler foresaw


class Failed(Exception):
    """A request that could not be carried out, as a typed answer: `code` for the referee, the text for people."""

    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


def serve(path, program):
    """Answer requests with `program(target)[op](header, buffers) -> (header, buffers)`; then end, running no exit hooks.

    `target` is {"path": ..., "name": ..., "folders": {side: ...}}: the function that the process is for, and where to find it.
    """
    sock, target = _greet(path)
    _make_caches()
    code = 0
    try:
        handlers = program(target)
        while True:
            header, buffers = wire.receive(sock)
            if header.get("op") == "bye":
                break
            told, payload = answer(handlers[header["op"]], header, buffers)
            wire.send(sock, told, payload)
    except (wire.WireError, OSError):
        pass  # the referee is gone: so are we
    except BaseException:  # the end of the process is the only answer left: let it say why
        traceback.print_exc()
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # what foreign code registered with atexit has no say here


def answer(handler, header, buffers):
    """What a handler says; an error that nobody foresaw is an answer, too, under a name of its own."""
    try:
        return handler(header, buffers)
    except Failed as failure:
        return {"failed": failure.code, "text": str(failure)[:2000]}, ()
    except MemoryError:  # nothing more can be done in here
        raise
    except Exception as error:  # ours, or of foreign objects while they are looked at
        where = traceback.extract_tb(error.__traceback__)[-1]
        said = "{}: {} ({}:{})".format(type(error).__name__, error, os.path.basename(where.filename), where.lineno)
        return {"failed": UNEXPECTED, "text": said[:2000]}, ()


def _make_caches():
    """The folder where libraries keep what they compile is there from the start: not a file that a call leaves behind."""
    place = os.environ.get("XDG_CACHE_HOME")
    if place:
        os.makedirs(place, exist_ok=True)


def _greet(path):
    words = json.loads(sys.stdin.readline())
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    sock.connect(path)
    wire.send(sock, {"hello": words["nonce"], "python": platform.python_version()})
    return sock, words["target"]
