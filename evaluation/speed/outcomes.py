"""What the pristine code gives for each timed input, against which every timed call of every side is held."""

import hashlib
import marshal
from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.channel import Buffers, Header
from evaluation.compare.comparison import compare
from evaluation.compare.plain import BadFrame, Ref, Value
from evaluation.policy import Policy

Frame = tuple[Header, Buffers]


@dataclass(frozen=True, slots=True)
class Expected:
    """The frames of the pristine code, size by size, input by input."""

    frames: Sequence[Sequence[Frame]]
    digests: Sequence[Sequence[bytes]]
    policy: Policy

    def check(self, cell: int, index: int, frame: Frame) -> str | None:
        """What is wrong with an outcome; None when it is the same by the policy."""
        if digest(frame) == self.digests[cell][index] or self.policy.check is not None:
            return None  # a project's own check decides in a process of its own, where equivalence is judged
        expected = self.frames[cell][index]
        try:
            mismatches = compare(Value.read(*expected), Value.read(*frame), self.policy)
        except BadFrame as error:
            return f"a timed call's outcome is no value: {error}"
        return mismatches[0].text if mismatches else None


def expected(frames: Sequence[Sequence[Frame]], policy: Policy) -> Expected:
    """Keep frames together with their digests: nearly every comparison is one of bytes."""
    return Expected(frames, [[digest(frame) for frame in cell] for cell in frames], policy)


def out_of_memory(frame: Frame) -> bool:
    """Whether a call ended for want of memory, which says nothing about the code and all about the size."""
    value = Value.read(*frame)
    told = value.children(value.node(value.root), "items") if isinstance(value.root, Ref) else ()
    how, what = told[:2] if len(told) > 1 else ("", None)
    return how == "raised" and isinstance(what, Ref) and value.node(what).type.rpartition(".")[2] == "MemoryError"


def digest(frame: Frame) -> bytes:
    """The same for the same bytes; 1, 1.0 and True differ, unlike in a comparison of dicts."""
    tree, buffers = frame
    total = hashlib.blake2b(marshal.dumps(tree, 2), digest_size=16)
    for buffer in buffers:
        total.update(len(buffer).to_bytes(8, "big"))
        total.update(buffer)
    return total.digest()
