"""A value that came out of a sandbox, as plain data: checked while it is read, because whoever wrote it may lie.

The form is written in `probe/codec.py`. Nothing here is ever unpickled or evaluated, and no length is believed.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from evaluation.probe import garbage

Array = npt.NDArray[Any]
Buffer = bytes | bytearray | memoryview
_DTYPE = re.compile(r"[<>|=]?[biufcmMSUV]\d+(\[\d*[a-zA-Zμ]+\])?")
_NODE = 4
_WHOLE = frozenset({type(None), bool, int, str})  # what JSON gives for children that are read as they stand
_PLAIN = _WHOLE | {float}
_SPECIALS = {  # what the text of each kind of special scalar looks like
    "int": re.compile(r"-?0x[0-9a-f]+"),
    "float": re.compile(r"nan|-?inf"),
    "str": re.compile(r"[0-9a-f]*"),
    "NaT": re.compile(r""),
    "NA": re.compile(r""),
}
_NUMPY = re.compile(r"(?:[0-9a-f]{2})*")


class BadFrame(ValueError):
    """What came out of the sandbox is no value; `str(error)` says where it broke off."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A child that is a node of the table."""

    number: int


@dataclass(frozen=True, slots=True)
class Special:
    """A scalar that JSON has no word for: NaN, an infinity, a numpy scalar, NaT, NA, a very large int."""

    kind: str
    text: str


Child = None | bool | int | float | str | Ref | Special
Part = Child | tuple[Child, ...] | Array


@dataclass(frozen=True, slots=True)
class Node:
    """One object: what kind of thing it is, of which type, and what it is made of."""

    kind: str
    type: str
    meta: Mapping[str, Any]
    parts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Value:
    """A whole value: where it begins, all its nodes, and the raw bytes they refer to."""

    root: Child
    nodes: Sequence[Node]
    buffers: Sequence[Buffer] = field(repr=False)
    tree: Any = field(repr=False)  # as received, for comparing whole tables at once
    texts: dict[tuple[int, int], str] = field(
        default_factory=dict, repr=False, compare=False
    )  # of nodes, once they were asked for

    @classmethod
    def read(cls, tree: Any, buffers: Sequence[Buffer]) -> "Value":
        """The value in a received frame. Raises BadFrame for anything that `encode` could not have written."""
        if not isinstance(tree, dict) or tree.get("v") != 1 or not isinstance(tree.get("nodes"), list):
            raise BadFrame("no value, or one of another version")
        with garbage.held():
            nodes = tuple(_node(node, len(tree["nodes"]), buffers) for node in tree["nodes"])
        return cls(_child(tree.get("root"), len(nodes)), nodes, tuple(buffers), tree)

    def node(self, ref: Ref) -> Node:
        """The node that a child stands for."""
        return self.nodes[ref.number]

    def part(self, node: Node, name: str) -> Part:
        """One part of a node; numbers as an array (a view of the buffer)."""
        part = node.parts.get(name)
        if not isinstance(part, list):
            return _child(part, len(self.nodes))
        if part and part[0] == "*":
            return self._children(part)
        if part and part[0] == "raw":
            return self._raw(part)
        return _child(part, len(self.nodes))

    def children(self, node: Node, name: str) -> tuple[Child, ...]:
        """One part of a node as its single children."""
        part = self.part(node, name)
        if isinstance(part, np.ndarray):
            return tuple(map(_scalar, part.ravel().tolist()))
        return part if isinstance(part, tuple) else (part,)

    def _children(self, part: list[Any]) -> tuple[Child, ...]:
        if len(part) != 2 or not isinstance(part[1], list):
            raise BadFrame("children that are no list")
        count = len(self.nodes)
        return tuple(child if type(child) in _WHOLE else _child(child, count) for child in part[1])

    def _raw(self, part: list[Any]) -> Array:
        dtype, dimensions = _placed(part, self.buffers)
        count = math.prod(dimensions)
        if not count or not dtype.itemsize:
            return np.zeros([min(length, 1) for length in dimensions], dtype)
        flat = np.frombuffer(self.buffers[part[3]], dtype=dtype, count=count, offset=part[4])
        return flat.reshape(dimensions)


def read_dtype(text: Any) -> np.dtype[Any]:
    """A dtype of plain numbers, moments or bytes; never one of objects."""
    if not isinstance(text, str) or _DTYPE.fullmatch(text) is None:
        raise BadFrame("raw data of no plain dtype")
    try:
        return np.dtype(text)
    except (TypeError, ValueError) as error:
        raise BadFrame("raw data of an unknown dtype") from error


def numpy_scalar(special: Special) -> Array:
    """The numpy scalar in a special, as an array without dimensions."""
    dtype = read_dtype(special.kind.removeprefix("np:"))
    data = bytes.fromhex(special.text)
    if len(data) != dtype.itemsize or not data:
        return np.zeros((), dtype)
    return np.frombuffer(data, dtype=dtype).reshape(())


def _placed(part: list[Any], buffers: Sequence[Buffer]) -> tuple[np.dtype[Any], list[int]]:
    """Of which dtype raw data is, and its dimensions: all of it lies in its buffer."""
    if len(part) != 5:
        raise BadFrame("raw data without its place")
    _, dtype_text, shape, at, offset = part
    dtype = read_dtype(dtype_text)
    dimensions = list(_naturals(shape))
    if not _natural(at) or at >= len(buffers) or not _natural(offset):
        raise BadFrame("raw data in no buffer")
    if len(dimensions) > 32 or offset + math.prod(dimensions) * dtype.itemsize > len(buffers[at]):
        raise BadFrame("raw data beyond its buffer")
    return dtype, dimensions


def _node(raw: Any, count: int, buffers: Sequence[Buffer]) -> Node:
    if not isinstance(raw, list) or len(raw) != _NODE:
        raise BadFrame("a node that is none")
    kind, name, meta, parts = raw
    if not isinstance(kind, str) or not isinstance(name, str) or not isinstance(meta, dict) or not isinstance(parts, dict):
        raise BadFrame("a node that is none")
    for part in parts.values():
        _check(part, count, buffers)
    return Node(kind, name, meta, parts)


def _check(part: Any, count: int, buffers: Sequence[Buffer]) -> None:
    """Refuse references and raw data that lead nowhere before anybody follows them."""
    if isinstance(part, list) and part and part[0] == "*":
        if len(part) != 2 or not isinstance(part[1], list):
            raise BadFrame("children that are no list")
        for child in part[1]:
            if type(child) not in _PLAIN:
                _child(child, count)
    elif isinstance(part, list) and part and part[0] == "raw":
        _placed(part, buffers)
    else:
        _child(part, count)


def _child(raw: Any, count: int) -> Child:
    if raw is None or isinstance(raw, bool | int | str):
        return raw
    if isinstance(raw, float):
        return _scalar(raw)
    if isinstance(raw, list) and len(raw) == 2 and raw[0] == "@" and _natural(raw[1]) and raw[1] < count:
        return Ref(raw[1])
    if isinstance(raw, list) and len(raw) == 3 and raw[0] == "#" and isinstance(raw[1], str) and isinstance(raw[2], str):
        form = _NUMPY if raw[1].startswith("np:") else _SPECIALS.get(raw[1])
        if form is not None and form.fullmatch(raw[2]):
            return _readable(Special(raw[1], raw[2]))
    raise BadFrame("a child that is none")


def _readable(special: Special) -> Special:
    """A special that somebody can read later: numpy has dtypes, and characters, that do not exist."""
    if special.kind.startswith("np:"):
        try:
            numpy_scalar(special).tolist()
        except (ValueError, SystemError, OverflowError) as error:
            raise BadFrame("a numpy scalar that is none") from error
    return special


def _scalar(value: Any) -> Child:
    if isinstance(value, float) and not math.isfinite(value):
        return Special("float", repr(value))
    return value if isinstance(value, bool | int | float | str) else repr(value)


def _natural(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _naturals(values: Any) -> Iterable[int]:
    if not isinstance(values, list) or not all(map(_natural, values)):
        raise BadFrame("a shape that is none")
    return values
