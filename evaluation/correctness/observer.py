"""A process that makes one call at a time on one side and tells all that can be seen of it; started anew when it is lost."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from evaluation.channel import Buffers, Channel, ChannelLost, Header
from evaluation.compare.plain import BadFrame, Value
from evaluation.probe import serving
from evaluation.speed.referee import Bench

SIDE = "observed"
LOAD_SECONDS = 60.0
ANSWER_BYTES = 1 << 30
_CODES: Mapping[str, str] = {
    "crashed": "sandbox.crash",
    "timed_out": "sandbox.timeout",
    "oom": "sandbox.memory",
    "garbage": "guard.result-channel",
}


class Unloadable(Exception):
    """The side's code could not be imported; `code` is the loader's word for it."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True, slots=True)
class Lost:
    """A call that brought no answer: why, as a reason code and in words."""

    code: str
    text: str


@dataclass(slots=True)
class Observer:
    """One side, solo in its process. A context manager."""

    bench: Bench
    tree: Path
    seconds: float = 0.0  # what the last call took, all told
    _line: Channel | None = field(default=None, repr=False)

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def observe(self, data: bytes, *, seconds: float) -> Value | Lost:
        """What one call with these (pickled) arguments shows. Raises Unloadable when the process can't be started again."""
        began = time.monotonic()
        try:
            line = self._line or self._open()
            answer, buffers = line.ask({"op": "observe", "side": SIDE}, [data], seconds=seconds, most=ANSWER_BYTES)
        except ChannelLost as error:
            self._close()
            return lost(error)
        finally:
            self.seconds = time.monotonic() - began
        return answered(answer, buffers)

    def _open(self) -> Channel:
        try:
            line = self.bench.open({SIDE: self.tree})
            self._line = line
            answer, _ = line.ask({"op": "load", "sides": [SIDE]}, seconds=LOAD_SECONDS, most=1 << 20)
        except ChannelLost as error:
            self._close()
            raise Unloadable("import", str(error)) from error
        failure = answer.get("loaded", {}).get(SIDE) if isinstance(answer.get("loaded"), dict) else {"text": "no answer"}
        if failure is not None:
            self._close()
            raise Unloadable(str(failure.get("code", "import")), str(failure.get("text", ""))[:500])
        return line

    def _close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def lost(error: ChannelLost) -> Lost:
    """How the process ended, as what it means for the call."""
    return Lost(_CODES[error.reason], error.detail)


def answered(answer: Header, buffers: Buffers) -> Value | Lost:
    """What an answer to `observe` shows."""
    if answer.get("failed") == serving.UNEXPECTED:
        return Lost("equivalence.unclear", f"the call can't be looked at: {str(answer.get('text', ''))[:400]}")
    if "failed" in answer:
        return Lost(f"inputs.{str(answer['failed'])[:20]}", str(answer.get("text", ""))[:500])
    try:
        return Value.read(answer, buffers)
    except BadFrame as error:
        return Lost("guard.result-channel", f"what came back is no value: {error}")
