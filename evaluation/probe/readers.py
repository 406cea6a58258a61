"""How each builtin kind of value is read: through its own type's methods, whatever a subclass may say."""

import array
import collections
import datetime
import decimal
import functools
import gc
import hashlib
import io
import itertools
import pathlib
import random
import re
import types
import zoneinfo
from typing import Any

from . import naming


def _function(encoder, value, _name):
    named = "{}.{}".format(value.__module__, value.__qualname__)
    if naming.found(value, value.__module__, value.__qualname__):
        return ["function", named, {}, {}]
    closure = []
    for cell in value.__closure__ or ():
        try:
            closure.append(cell.cell_contents)
        except ValueError:  # a cell that was never filled
            closure.append(None)
    parts = {
        "closure": encoder.children(closure),
        "defaults": encoder.child(value.__defaults__),
        "keywords": encoder.child(value.__kwdefaults__),
    }
    return ["function", named, {"code": _code(value.__code__)}, parts]


def _code(code):
    """A digest of what a code object does, wherever it stands."""
    total = hashlib.blake2b(digest_size=12)
    for part in (code.co_code, code.co_names, code.co_varnames, code.co_argcount, code.co_kwonlyargcount):
        total.update(repr(part).encode("utf-8", "backslashreplace"))
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            total.update(_code(constant).encode())
        else:
            total.update(repr((type(constant).__name__, constant)).encode("utf-8", "backslashreplace"))
    return total.hexdigest()


def _builtin(encoder, value, _name):
    owner = value.__self__
    if owner is None or isinstance(owner, types.ModuleType):
        return ["function", "{}.{}".format(value.__module__, value.__qualname__), {}, {}]
    return ["function", value.__qualname__, {}, {"self": encoder.child(owner)}]


def _method(encoder, value, _name):
    return ["method", "method", {}, {"function": encoder.child(value.__func__), "self": encoder.child(value.__self__)}]


def _partial(encoder, value, name):
    get = functools.partial.__getattribute__
    parts = {key: encoder.child(get(value, key)) for key in ("func", "args", "keywords")}
    return ["partial", name, {}, parts]


def _sequence(kind, base):
    def read(encoder, value, name):
        return [kind, name, {}, {"items": encoder.children(list(base.__iter__(value)))}]

    return read


def _deque(encoder, value, name):
    items = list(collections.deque.__iter__(value))
    longest = collections.deque.__getattribute__(value, "maxlen")
    return ["list", name, {"maxlen": longest}, {"items": encoder.children(items)}]


def _mapping(base):
    def read(encoder, value, name):
        pairs = list(base.items(value))
        return [
            "dict",
            name,
            {},
            {"keys": encoder.children([key for key, _ in pairs]), "values": encoder.children([item for _, item in pairs])},
        ]

    return read


def _defaultdict(encoder, value, name):
    node = _mapping(dict)(encoder, value, name)
    node[3]["factory"] = encoder.child(collections.defaultdict.__getattribute__(value, "default_factory"))
    return node


def _set(kind, base):
    def read(encoder, value, name):
        return [kind, name, {}, {"items": encoder.sorted_children(base.__iter__(value))}]

    return read


def _exactly(kind, exact):
    """A value of a subclass of a scalar: the scalar in it."""

    def read(encoder, value, name):
        return [kind, name, {}, {"value": encoder.child(exact(value))}]

    return read


def _bytes(encoder, value, name):
    base = bytearray if isinstance(value, bytearray) else bytes
    data = bytes(base.__getitem__(value, slice(None)))
    return ["bytearray" if base is bytearray else "bytes", name, {}, {"value": encoder.raw(data, "|u1", [len(data)])}]


def _memoryview(encoder, value, name):
    data = value.tobytes()
    meta = {"format": value.format, "shape": list(value.shape), "readonly": value.readonly}
    return ["bytes", name, meta, {"value": encoder.raw(data, "|u1", [len(data)])}]


def _array(encoder, value, name):
    data = array.array.tobytes(value)
    code = array.array.__getattribute__(value, "typecode")
    return ["bytearray", name, {"dtype": code}, {"value": encoder.raw(data, "|u1", [len(data)])}]


def _complex(encoder, value, name):
    return [
        "complex",
        name,
        {},
        {"real": encoder.child(complex.real.__get__(value)), "imag": encoder.child(complex.imag.__get__(value))},
    ]


def _attributes(kind, base, *names):
    """A builtin whose state is a handful of attributes."""

    def read(encoder, value, name):
        get = base.__getattribute__
        return [kind, name, {}, {part: encoder.child(get(value, part)) for part in names}]

    return read


def _datetime(encoder, value, name):
    get = datetime.datetime.__getattribute__
    parts = ("year", "month", "day", "hour", "minute", "second", "microsecond", "fold")
    return ["datetime", name, {"at": [get(value, part) for part in parts]}, {"tz": encoder.child(get(value, "tzinfo"))}]


def _time(encoder, value, name):
    get = datetime.time.__getattribute__
    parts = ("hour", "minute", "second", "microsecond", "fold")
    return ["datetime", name, {"at": [get(value, part) for part in parts]}, {"tz": encoder.child(get(value, "tzinfo"))}]


def _timezone(_encoder, value, name):
    return ["timezone", name, {"name": repr(value)}, {}]


def _decimal(encoder, value, name):
    return ["decimal", name, {}, {"value": encoder.child(decimal.Decimal.__str__(value))}]


def _path(encoder, value, name):
    return ["path", name, {}, {"value": encoder.child(pathlib.PurePath.__str__(value))}]


def _pattern(encoder, value, name):
    return ["pattern", name, {"flags": value.flags}, {"value": encoder.child(value.pattern)}]


def _match(encoder, value, name):
    spans = [value.span(at) for at in range(len(value.groups()) + 1)]
    parts = {"pattern": encoder.child(value.re), "value": encoder.child(value.string), "items": encoder.children(spans)}
    return ["match", name, {"from": value.pos, "to": value.endpos}, parts]


def _bare(_encoder, _value, name):
    """Nothing but what stands in its fields."""
    return ["object", name, {}, {}]


def _proxy(encoder, value, name):
    """A read-only view of a mapping, which is not asked for what it holds."""
    return ["view", name, {}, {"items": encoder.children(gc.get_referents(value))}]


def _text_file(encoder, value, name):
    text = type(value).getvalue(value)
    return ["file", name, {"at": value.tell()}, {"value": encoder.child(text)}]


def _random(encoder, value, name):
    return ["random", name, {}, {"stream": encoder.child(random.Random.getstate(value))}]


def _exception(encoder, value, name):
    cause = BaseException.__dict__["__cause__"].__get__(value)
    args = BaseException.__dict__["args"].__get__(value)
    parts = {"args": encoder.child(args), "cause": encoder.child(cause)}
    if isinstance(value, OSError):  # what it says about files stands beside its arguments
        parts["files"] = encoder.children([OSError.__dict__[key].__get__(value) for key in ("filename", "filename2")])
    return ["exception", name, {}, parts]


def _iterator(encoder, value, name):
    items, end, error = encoder.drawn(value)
    return ["lazy", name, {"end": end}, {"items": items, "error": error}]


def _view(encoder, value, name):
    return ["view", name, {}, {"items": encoder.children(list(value))}]


def _module(_encoder, value, _name):
    return ["module", str(types.ModuleType.__getattribute__(value, "__name__")), {}, {}]


def _named(_encoder, value, name):
    return ["constant", name, {"text": repr(value)}, {}]


_EMPTY: tuple[Any, ...] = ([], (), {}, "", b"", set(), range(0), {}.values(), {}.items(), bytearray())
ITERATORS: list[Any] = (
    [types.GeneratorType, map, filter, zip, enumerate, reversed]
    + [type(iter(empty)) for empty in _EMPTY]
    + [type(reversed(empty)) for empty in (_EMPTY[0], _EMPTY[2], *_EMPTY[7:9])]
    + [type(iter(range(1 << 70))), type(iter(collections.deque())), type(iter(lambda: 0, 0))]
    + [item for item in vars(itertools).values() if isinstance(item, type)]
)

READERS = {
    list: _sequence("list", list),
    tuple: _sequence("tuple", tuple),
    collections.deque: _deque,
    dict: _mapping(dict),
    collections.OrderedDict: _mapping(collections.OrderedDict),
    collections.defaultdict: _defaultdict,
    set: _set("set", set),
    frozenset: _set("frozenset", frozenset),
    str: _exactly("str", str.__str__),
    int: _exactly("int", int.__int__),
    bool: _exactly("int", int.__int__),
    float: _exactly("float", float.__float__),
    complex: _complex,
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _memoryview,
    array.array: _array,
    range: _attributes("range", range, "start", "stop", "step"),
    slice: _attributes("slice", slice, "start", "stop", "step"),
    datetime.datetime: _datetime,
    datetime.date: _attributes("date", datetime.date, "year", "month", "day"),
    datetime.time: _time,
    datetime.timedelta: _attributes("timedelta", datetime.timedelta, "days", "seconds", "microseconds"),
    datetime.timezone: _timezone,
    zoneinfo.ZoneInfo: _timezone,
    datetime.tzinfo: _bare,
    decimal.Decimal: _decimal,
    pathlib.PurePath: _path,
    re.Pattern: _pattern,
    re.Match: _match,
    io.StringIO: _text_file,
    io.BytesIO: _text_file,
    random.Random: _random,
    BaseException: _exception,
    types.SimpleNamespace: _bare,
    types.MappingProxyType: _proxy,
    types.FunctionType: _function,
    types.BuiltinFunctionType: _builtin,
    types.MethodType: _method,
    types.ModuleType: _module,
    functools.partial: _partial,
    type(Ellipsis): _named,
    type(NotImplemented): _named,
    type({}.keys()): _view,
    type({}.values()): _view,
    type({}.items()): _view,
}
READERS.update((iterator, _iterator) for iterator in ITERATORS)
