"""Pictures from specifications, drawn by a process of its own: it gets no secret, loads nothing, and ends within its bounds.

What draws (V8 and Vega in one library, BSD) is large: it is loaded in that process only, which gives all of it back.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

SECONDS = 30.0  # usually one
MEMORY = 2 << 30  # bytes that may be mapped for data, thread stacks included; some 100 MB are used
MOST_BYTES = 2 << 20  # of a picture
SCALE = 1.5  # pixels of the picture for one of the specification: sharp on most screens
SIGNATURE = b"\x89PNG\r\n\x1a\n"
Kind = Literal["chart", "svg"]


class NotDrawn(Exception):
    """There is no picture; `str(error)` says why, for the log."""


def chart(spec: Mapping[str, Any]) -> bytes:
    """A Vega-Lite specification as PNG. Raises NotDrawn."""
    return _drawn("chart", json.dumps(spec).encode())


def svg(text: str) -> bytes:
    """An SVG as PNG. Raises NotDrawn."""
    return _drawn("svg", text.encode())


def _drawn(kind: Kind, source: bytes) -> bytes:
    command = [sys.executable, "-I", str(Path(__file__)), kind]
    try:
        ended = subprocess.run(command, input=source, capture_output=True, timeout=SECONDS, env={}, cwd="/", check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotDrawn(type(error).__name__) from error
    if ended.returncode or not ended.stdout.startswith(SIGNATURE) or len(ended.stdout) > MOST_BYTES:
        said = [line for line in ended.stderr.decode("utf-8", "replace").splitlines() if "rror" in line]
        raise NotDrawn(f"exit {ended.returncode}, {len(ended.stdout)} bytes: {' '.join(said)[:300]}")
    return ended.stdout


def _draw(kind: str, source: str) -> bytes:
    """In the process of its own."""
    import vl_convert  # here and only here: it is large

    if kind == "chart":
        return bytes(vl_convert.vegalite_to_png(source, scale=SCALE, allowed_base_urls=[]))
    return bytes(vl_convert.svg_to_png(source))


def _bounded() -> None:
    """What runs away ends by itself, also when whoever waits for it is gone."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)


if __name__ == "__main__":
    _bounded()
    sys.stdout.buffer.write(_draw(sys.argv[1], sys.stdin.read()))
