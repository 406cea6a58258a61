"""A process that makes one call at a time on one side and tells all that can be seen of it; started anew when it is lost."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from evaluation.channel import Buffers, Channel, ChannelLost, Header
from evaluation.compare.plain import BadFrame, Value
from evaluation.correctness import signature
from evaluation.correctness.signature import Signature
from evaluation.losses import LOST, failed
from evaluation.probe import serving
from evaluation.speed.referee import Launcher

SIDE = "observed"
LOAD_SECONDS = 60.0
ANSWER_BYTES = 1 << 30


class Unloadable(Exception):
    """The code of a `tree` could not be imported; `code` is the loader's word for it."""

    def __init__(self, tree: Path, code: str, text: str) -> None:
        super().__init__(text)
        self.tree = tree
        self.code = code


@dataclass(frozen=True, slots=True)
class Lost:
    """A call that brought no answer: why, as a reason code and in words."""

    code: str
    text: str


@dataclass(slots=True)
class Restartable:
    """Whoever makes calls and tells what they show: started when first asked, and anew after it was lost."""

    start: Callable[[], Channel]
    seconds: float = 0.0  # what the last call took, all told
    _channel: Channel | None = field(default=None, repr=False)

    def observe(self, side: str, data: bytes, *, seconds: float) -> Value | Lost:
        """What one call with these (pickled) arguments shows on one side. Raises whatever `start` raises."""
        channel = self.open()
        began = time.monotonic()
        try:
            answer, buffers = channel.ask({"op": "observe", "side": side}, [data], seconds=seconds, most=ANSWER_BYTES)
        except ChannelLost as error:
            self.close()
            return lost(error)
        finally:
            self.seconds = time.monotonic() - began
        return answered(answer, buffers)

    def open(self) -> Channel:
        """The process, started where there is none."""
        if self._channel is None:
            self._channel = self.start()
        return self._channel

    def close(self) -> None:
        """End the process; the next call starts another one."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None


@dataclass(slots=True)
class Observer:
    """One side, solo in its process. A context manager."""

    launcher: Launcher
    tree: Path
    _line: Restartable = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._line = Restartable(self._loaded)

    def __enter__(self) -> Self:
        self._line.open()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._line.close()

    @property
    def seconds(self) -> float:
        """What the last call took, all told."""
        return self._line.seconds

    def observe(self, data: bytes, *, seconds: float) -> Value | Lost:
        """What one call with these (pickled) arguments shows. Raises Unloadable when the process can't be started again."""
        return self._line.observe(SIDE, data, seconds=seconds)

    def signature(self) -> Signature | None:
        """How the function may be called; None where nothing says it. Raises Unloadable when the process can't be started."""
        line = self._line.open()
        try:
            answer, _ = line.ask({"op": "signature", "side": SIDE}, seconds=LOAD_SECONDS, most=1 << 20)
        except ChannelLost:
            self._line.close()
            return None
        return signature.read(answer.get("signature"))

    def _loaded(self) -> Channel:
        line: Channel | None = None
        try:
            line = self.launcher.open({SIDE: self.tree})
            answer, _ = line.ask({"op": "load", "sides": [SIDE]}, seconds=LOAD_SECONDS, most=1 << 20)
        except ChannelLost as error:
            if line is not None:
                line.close()
            raise Unloadable(self.tree, "import", str(error)) from error
        failure = answer.get("loaded", {}).get(SIDE) if isinstance(answer.get("loaded"), dict) else {"text": "no answer"}
        if failure is not None:
            line.close()
            raise Unloadable(self.tree, str(failure.get("code", "import")), str(failure.get("text", ""))[:500])
        return line


def lost(error: ChannelLost) -> Lost:
    """How the process ended, as what it means for the call."""
    return Lost(LOST[error.reason][0], error.detail)


def answered(answer: Header, buffers: Buffers) -> Value | Lost:
    """What an answer to `observe` shows."""
    if answer.get("failed") == serving.UNEXPECTED:
        return Lost("equivalence.unclear", f"the call can't be looked at: {str(answer.get('text', ''))[:400]}")
    if "failed" in answer:
        return Lost(failed(answer["failed"]), str(answer.get("text", ""))[:500])
    try:
        return Value.read(answer, buffers)
    except BadFrame as error:
        return Lost("guard.result-channel", f"what came back is no value: {error}")
