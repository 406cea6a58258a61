"""A Python value as plain data, without pickle and without asking the value: a table of JSON-able nodes plus raw buffers.

A node is `[kind, type, meta, parts]`: the kind of thing, its qualified type, a dict of JSON scalars, a dict of parts. A part is

* a child: null, true/false, a number or a string for the builtin of that name; `["#", kind, text]` for a scalar JSON has no word
  for; `["@", n]` for node n (so that sharing and cycles stay visible, and deep values need no deep recursion);
* `["*", [child, ...]]`: several children in order;
* `["raw", dtype, shape, buffer, offset]`: numbers, as bytes, in one of the buffers.

Types are told apart by `type(x) is ...` and read through their own unbound methods, so nothing a class overrides is ever called;
only iterators run foreign code, because that is what they are for. What can't be read plainly becomes an `opaque` node.
"""

import hashlib
import json
import math
import sys
from array import array
from collections import deque
from typing import Any

from . import arrays, frames, garbage, kinds, naming

ITEMS = 2000000  # children in all, beyond which values are cut
BYTES = 512 << 20  # raw bytes in all
DRAWS = 10000  # taken from one iterator
PACK = 16  # from this length on, lists of one number type become raw bytes
OWN_BUFFER = 1 << 16  # larger raw data gets a buffer of its own; smaller ones share the first
WIDE = 1 << 63
ORDER = "<" if sys.byteorder == "little" else ">"


_COUNTED = (list, tuple, dict, set, frozenset, bytes, bytearray, deque)


class Cut(Exception):
    """The value is larger than what we are willing to write down."""


def encode(value):
    """Write down one value -> (tree, buffers)."""
    encoder = Encoder()
    root = encoder.child(value)
    return encoder.finish(root)


def digest(value, items=20000, size=1 << 20):
    """A short text that is equal for equal values (as far as the bounds reach)."""
    encoder = Encoder(items, size, draws=0)
    tree, buffers = encoder.finish(encoder.child(value))
    total = hashlib.blake2b(json.dumps(tree, sort_keys=True).encode(), digest_size=16)
    for buffer in buffers:
        total.update(buffer)
    return total.hexdigest()


class Encoder:
    """Gives every object a node, once, and works the objects off in the order in which they were met."""

    def __init__(self, items=ITEMS, size=BYTES, draws=DRAWS):
        self.nodes = []
        self.arrays = []  # (node, ndarray): whoever asks for aliasing looks here
        self._pool = bytearray()
        self._buffers = [self._pool]
        self._numbers = {}
        self._alive = []  # an id is only true while its object lives
        self._todo: deque[Any] = deque()
        self._items = items
        self._bytes = size
        self.draws = draws  # from each iterator; 0: leave them alone

    def child(self, value):
        """How a value is written inside its parent."""
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -WIDE <= value < WIDE else ["#", "int", hex(value)]
        if kind is float:
            return value if math.isfinite(value) else ["#", "float", repr(value)]
        if kind is str:
            return value if writable(value) else ["#", "str", value.encode("utf-32-le", "surrogatepass").hex()]
        if kind in _COUNTED:
            return ["@", self.number(value)]
        special = arrays.scalar(value) or frames.scalar(value)
        return special or ["@", self.number(value)]

    def number(self, value):
        """The node number of an object: the same for the same object."""
        number = self._numbers.get(id(value))
        if number is None:
            number = self._numbers[id(value)] = len(self.nodes)
            self.nodes.append(None)
            self._alive.append(value)
            self._todo.append((number, value))
        return number

    def children(self, items):
        """Several values in order; long runs of one number type as raw bytes."""
        self._spend(len(items))
        if len(items) >= PACK:
            packed = self._packed(items)
            if packed is not None:
                return packed
        return ["*", list(map(self.child, items))]

    def _packed(self, items):
        types = set(map(type, items))
        if types == {float}:
            return self.raw(array("d", items).tobytes(), ORDER + "f8", [len(items)])
        if types == {bool}:
            return self.raw(bytes(items), "|b1", [len(items)])
        if types == {int}:
            try:
                return self.raw(array("q", items).tobytes(), ORDER + "i8", [len(items)])
            except OverflowError:
                return None
        return None

    def raw(self, data, dtype, shape):
        """Bytes, kept beside the table."""
        self.room(len(data))
        self._bytes -= len(data)
        if len(data) >= OWN_BUFFER:
            self._buffers.append(data)
            return ["raw", dtype, list(shape), len(self._buffers) - 1, 0]
        self._pool += data
        return ["raw", dtype, list(shape), 0, len(self._pool) - len(data)]

    def room(self, size):
        """Raises Cut where so many bytes would be too many; asked before they are copied."""
        if size > self._bytes:
            raise Cut()

    def sorted_children(self, items):
        """Several values whose order means nothing, in an order that depends on them alone."""
        items = list(items)
        if len(items) > self._items:
            raise Cut()
        types = set(map(type, items))
        plain = types == {str} or (types <= {int, float} and all(item == item for item in items))
        return self.children(sorted(items) if plain else sorted(items, key=_order))

    def drawn(self, iterator):
        """What is left in an iterator, up to a bound -> (children, how it ended, the exception or None)."""
        items: list[Any] = []
        end, error = "more", None
        try:
            while len(items) < self.draws:
                items.append(next(iterator))
        except StopIteration:
            end = "end"
        except BaseException as raised:  # the project's own code runs here: whatever it raises is part of its answer
            end, error = "raised", raised
        return self.children(items), end, self.child(error)

    def finish(self, root):
        """Work off what is still to be written -> (tree, buffers)."""
        self.work()
        return {"v": 1, "root": root, "nodes": self.nodes}, [bytes(buffer) for buffer in self._buffers]

    def work(self):
        """Write the nodes of all objects that were met so far, and of those met on the way."""
        with garbage.held():
            while self._todo:
                number, value = self._todo.popleft()
                self.nodes[number] = self._node(value)

    def _node(self, value):
        name = naming.type_name(type(value))
        try:
            return kinds.describe(self, value, name)
        except Cut:
            return ["cut", name, {"length": len(value)} if type(value) in _COUNTED else {}, {}]
        except Exception as error:  # a type we can't read is an answer of its own; the judge says "can't tell"
            return ["opaque", name, {"why": type(error).__name__}, {}]

    def _spend(self, count):
        if count > self._items:
            raise Cut()
        self._items -= count


def writable(text):
    """Whether JSON keeps this text as it is: lone surrogates could be joined on the way."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _order(item):
    return digest(item, items=10000)
