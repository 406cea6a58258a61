"""What a process leaves behind: files in the places where a sandbox may write, and what it has printed. All of it hostile."""

import hashlib
import os
import re
import stat
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from evaluation.compare.observation import ABOUT_THE_CODE
from sandbox.spec import Result

FOLDERS = ("tmp", "dev/shm", "var/tmp")
MOST_FILES = 1000  # in each of these
MOST_BYTES = 64 << 20  # read of all files together; of what is beyond, only the size counts
CACHES = frozenset({"__pycache__", ".cache"})  # what compilers keep for next time: that it is there counts, not what is in it
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_PLACE = re.compile(r"/sides/[0-9a-f]+")
_WARNING = re.compile(r"\S+:\d+: (\w+): (.*)")  # as `warnings` shows it; a line of code, indented, ends what it says
_CODE = "  "
LONGEST_WARNING = 50  # lines
_KNOWN = {name.rpartition(".")[2]: name for name in ABOUT_THE_CODE}


def files(pid: int) -> Mapping[str, str]:
    """A digest of every file in the folders that a sandbox may write; nothing where the kernel doesn't let us look."""
    found: dict[str, str] = {}
    room = MOST_BYTES
    for folder in FOLDERS:
        try:
            for name, size, text in _walked(f"/proc/{pid}/root/{folder}", room):
                found[f"/{folder}/{name}"] = text
                room -= size
        except OSError:
            continue
    return found


def _walked(top: str, room: int) -> list[tuple[str, int, str]]:
    """(path, bytes read, what it is) of everything below a folder; no link is followed, whoever puts it there meanwhile."""
    found: list[tuple[str, int, str]] = []
    for place, folders, names, at in os.fwalk(top):
        inside = PurePosixPath(place).relative_to(top)
        for name in sorted(names):
            size, text = _digest(name, at, room)
            room -= size
            found.append((str(inside / name), size, text))
        found += [(f"{inside / name}/", 0, "folder") for name in sorted(folders)]
        folders[:] = sorted({*folders} - CACHES)
        if len(found) >= MOST_FILES:
            break
    return found[:MOST_FILES]


def _digest(name: str, at: int, room: int) -> tuple[int, str]:
    """(bytes read, a text that is equal for equal content)."""
    try:
        number = os.open(name, _FLAGS, dir_fd=at)
    except OSError:  # a link, a socket, or not for us
        return 0, "unread"
    with os.fdopen(number, "rb") as file:
        told = os.fstat(number)
        if not stat.S_ISREG(told.st_mode) or told.st_size > room:
            return 0, f"{told.st_size} bytes"
        content = file.read(told.st_size)
    return len(content), hashlib.blake2b(content, digest_size=16).hexdigest()


def said(result: Result, mark: str) -> Mapping[str, Any]:
    """What a process printed from one mark to the next, in the words of an observed call.

    What depends on lines and places of code is left out.
    """
    plain, warned = _sorted_out(_lines(result.stderr, mark))
    told = sorted([_KNOWN.get(category, category), text] for category, text in warned)
    return {"stdout": "\n".join(_lines(result.stdout, mark)), "stderr": "\n".join(plain), "warnings": told}


def _sorted_out(lines: Sequence[str]) -> tuple[list[str], set[tuple[str, str]]]:
    """(what was printed, the warnings among it as (category, text))."""
    plain: list[str] = []
    warned: set[tuple[str, str]] = set()
    at = 0
    while at < len(lines):
        match, at = _WARNING.fullmatch(lines[at]), at + 1
        if match is None:
            plain.append(lines[at - 1])
            continue
        code = _code_of(lines, at)
        warned.add((match[1], "\n".join([match[2], *lines[at:code]]) if code else match[2]))
        at = code + 1 if code else at
    return plain, warned


def _code_of(lines: Sequence[str], start: int) -> int | None:
    """Where the line of code is that ends a warning's text, which may have several lines; None where there is none."""
    for at in range(start, min(start + LONGEST_WARNING, len(lines))):
        if lines[at].startswith(_CODE):
            return at
        if _WARNING.fullmatch(lines[at]):
            return None
    return None


def _lines(data: bytes, mark: str) -> list[str]:
    _, _, rest = data.decode("utf-8", "replace").partition(mark)
    return _PLACE.sub("/sides", rest.partition(mark)[0]).splitlines()
