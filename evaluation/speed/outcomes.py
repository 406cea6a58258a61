"""What the pristine code gives for each timed input, against which every timed call of every side is held."""

import hashlib
import marshal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluation.channel import Buffers, Header
from evaluation.compare.comparison import compare
from evaluation.compare.observation import raised
from evaluation.compare.plain import BadFrame, Ref, Value
from evaluation.policy import Policy

Frame = tuple[Header, Buffers]
Accepts = Callable[[str, bytes, Value], str | None]  # (check, input, a call) -> what the project's own check has against it


@dataclass(frozen=True, slots=True)
class Expected:
    """The frames of the pristine code, size by size, input by input."""

    frames: Sequence[Sequence[Frame]]
    digests: Sequence[Sequence[bytes]]
    policy: Policy  # in what the pristine code does not agree with itself is set aside there
    inputs: Sequence[Sequence[bytes]] = ()
    accepts: Accepts | None = None  # where a check of the project's decides

    def same(self, cell: int, index: int, frame: Frame) -> bool:
        """Whether an outcome was written down with the same bytes."""
        return digest(frame) == self.digests[cell][index]

    def differs(self, cell: int, index: int, frame: Frame) -> str | None:
        """What is wrong with an outcome; None when it is the same by the policy, or when that is for the check to say."""
        try:
            mismatches = compare(observed(self.frames[cell][index]), observed(frame), self.policy)
        except BadFrame as error:
            return f"a timed call's outcome is no value: {error}"
        return next((each.text for each in mismatches), None)

    def objection(self, cell: int, index: int, frame: Frame) -> str | None:
        """What the project's own check has against an outcome. Raises InputsFailed where there is none to ask."""
        call = observed(frame)
        if self.accepts is None or self.policy.check is None or raised(call):
            return None
        return self.accepts(self.policy.check, self.inputs[cell][index], call)


def expected(
    frames: Sequence[Sequence[Frame]], policy: Policy, inputs: Sequence[Sequence[bytes]] = (), accepts: Accepts | None = None
) -> Expected:
    """Keep frames together with their digests: nearly every comparison is one of bytes."""
    return Expected(frames, [[digest(frame) for frame in cell] for cell in frames], policy, inputs, accepts)


def observed(frame: Frame) -> Value:
    """A timed call in the form of an observed one, which shows nothing but its outcome and, where told, its arguments.

    Raises BadFrame for what no worker writes.
    """
    told = Value.read(*frame)
    items = told.node(told.root).parts.get("items") if isinstance(told.root, Ref) else None
    nodes = [*frame[0]["nodes"]]
    match items:
        case ["*", ["returned" | "raised" as how, result, *arguments]] if len(arguments) in (0, 2):
            meta = {"outcome": how}
        case ["*", ["finished", ["@", int() as place], *arguments]] if len(arguments) in (0, 2):
            meta, result = _finished(nodes, told.nodes[place].parts.get("items"))
        case _:
            raise BadFrame("an outcome that is none")
    parts = dict(zip(("result", "args", "kwargs"), (result, *arguments), strict=False))
    call = ["observation", "", {**meta, "views": frame[0].get("views")}, parts]
    return Value.read({**frame[0], "nodes": [*nodes, call], "root": ["@", len(nodes)]}, frame[1])


def _finished(nodes: list[Any], told: Any) -> tuple[Header, Any]:
    """What is said of, and what is the result of, a call whose answer had to be awaited or drawn; may add a node."""
    match told:
        case ["*", ["coroutine", value, int() as left]]:
            return {"outcome": "returned", "waited": ["coroutine", left]}, value
        case ["*", ["async_generator", items, end, error, int() as left]]:
            nodes.append(["tuple", "tuple", {}, {"items": ["*", [items, end, error]]}])
            return {"outcome": "returned", "waited": ["async_generator", left]}, ["@", len(nodes) - 1]
        case ["*", [str() as kind, ["@", int() as place], str() as end, error, 0]]:
            nodes.append(["lazy", kind, {"end": end}, {"items": nodes[place][3].get("items"), "error": error}])
            return {"outcome": "returned"}, ["@", len(nodes) - 1]
    raise BadFrame("an answer that was never finished")


def out_of_memory(frame: Frame) -> bool:
    """Whether a call ended for want of memory, which says nothing about the code and all about the size."""
    return (raised(observed(frame)) or "").rpartition(".")[2] == "MemoryError"


def whole(frame: Frame) -> bool:
    """Whether an outcome was written down to its end: nothing cut, no iterator that had more to give than is drawn."""
    nodes = frame[0].get("nodes")
    return not isinstance(nodes, list) or not (any(map(_left_out, nodes)) or _unfinished(frame[0].get("root"), nodes))


def _left_out(node: Any) -> bool:
    match node:
        case ["cut", *_] | ["lazy", _, {"end": "more"}, _]:
            return True
    return False


def _unfinished(root: Any, nodes: list[Any]) -> bool:
    match _items(root, nodes):
        case ["finished", drawn, *_]:
            return _items(drawn, nodes)[2:3] == ["more"]
    return False


def _items(child: Any, nodes: list[Any]) -> list[Any]:
    match child:
        case ["@", int() as number] if 0 <= number < len(nodes):
            match nodes[number]:
                case [_, _, _, {"items": ["*", list() as items]}]:
                    return items
    return []


def digest(frame: Frame) -> bytes:
    """The same for the same bytes; 1, 1.0 and True differ, unlike in a comparison of dicts."""
    tree, buffers = frame
    total = hashlib.blake2b(marshal.dumps(tree, 2), digest_size=16)
    for buffer in buffers:
        total.update(len(buffer).to_bytes(8, "big"))
        total.update(buffer)
    return total.digest()
