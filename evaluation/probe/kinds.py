"""Which kind of thing a value is, and how each kind is read without calling anything that its class could override."""

import enum
import functools
import hashlib
import pickle
import types
from typing import Any

from . import arrays, columnar, frames, naming, readers, sparse

_STATELESS = (tuple, list, dict, set, frozenset, bytes)
_LIBRARIES = {"numpy": arrays, "pandas": frames, "polars": columnar, "pyarrow": columnar, "scipy": sparse}
_OWN_CODE = (types.MethodDescriptorType, types.WrapperDescriptorType, types.ClassMethodDescriptorType)


def describe(encoder, value, name):
    """The node of an object."""
    cls = type(value)
    if cls in _STATELESS:
        return readers.READERS[cls](encoder, value, name)
    if issubclass(cls, type):
        return _class(value)
    special = frames.carried(encoder, value) or columnar.carried(encoder, value) or _of_libraries(encoder, value, name)
    if special:
        return special
    if issubclass(type(cls), enum.EnumMeta):
        fields = _instance_dict(value) or {}
        return ["enum", name, {"name": str(fields.get("_name_"))}, {"value": encoder.child(fields.get("_value_"))}]
    return _by_base(encoder, value, name)


def _of_libraries(encoder, value, name):
    """The node of what a library made that we know to read; a class that only bears such a name is none of it."""
    top = name.partition(".")[0]
    library = _LIBRARIES.get(top)
    if library is None or (
        top != "numpy" and not naming.found(type(value), naming.MODULE(type(value)), naming.NAME(type(value)))
    ):
        return None
    return library.describe(encoder, value, name)


def _by_base(encoder, value, name):
    for cls in naming.MRO(type(value)):
        reader = readers.READERS.get(cls)
        if reader is not None:
            node = reader(encoder, value, name)
            return node if cls is types.ModuleType else _with_state(encoder, value, node)
        if cls is object:
            return _with_state(encoder, value, ["object", name, {}, {}])
        if not _readable(cls):
            return _opaque(value, name)
    return _opaque(value, name)


def _opaque(value, name):
    """What can't be read: at most its pickle can be told apart, where all that writes it was compiled with its type."""
    meta = {}
    cls: Any = type(value)
    if not _readable(cls) and not isinstance(value, types.CoroutineType):
        try:
            data = pickle.dumps(value, 4)
        except Exception:  # most such things bear no pickling
            data = b""
        if data:
            meta["pickle"] = hashlib.blake2b(data, digest_size=16).hexdigest()
    return ["opaque", name, meta, {}]


def _with_state(encoder, value, node):
    fields = dict(_slots(value))
    fields.update(_instance_dict(value) or {})
    if fields:
        names = sorted(fields, key=str)
        node[2]["fields"] = [str(field) for field in names]
        node[3]["state"] = encoder.children([fields[field] for field in names])
    return node


def _instance_dict(value):
    for cls in naming.MRO(type(value)):
        descriptor = naming.SPACE(cls).get("__dict__")
        if type(descriptor) in (types.GetSetDescriptorType, types.MemberDescriptorType):
            return descriptor.__get__(value)
    return None


def _slots(value):
    for cls in naming.MRO(type(value)):
        if cls in readers.READERS:
            continue
        for name, member in naming.SPACE(cls).items():
            if type(member) is types.MemberDescriptorType:
                try:
                    yield name, member.__get__(value)
                except AttributeError:  # a slot that was never filled
                    continue


@functools.lru_cache(maxsize=4096)
def _readable(cls):
    """Whether instances keep all their state in `__dict__` and `__slots__`: classes written in Python, and plain exceptions."""
    if issubclass(cls, BaseException) and naming.MODULE(cls) == "builtins":
        return True
    for name, member in naming.SPACE(cls).items():
        if name in ("__dict__", "__weakref__"):
            continue
        if isinstance(member, _OWN_CODE) and member.__objclass__ is cls:
            return False
        if type(member) is types.GetSetDescriptorType and member.__objclass__ is cls:
            return False
        if type(member) is types.BuiltinFunctionType and member.__self__ is cls:
            return False
    return True


def _class(cls):
    name = naming.type_name(cls)
    if naming.found(cls, naming.MODULE(cls), naming.NAME(cls)):
        return ["class", name, {}, {}]
    members = sorted(str(key) for key in naming.SPACE(cls) if str(key) not in ("__dict__", "__weakref__", "__firstlineno__"))
    return ["class", name, {"local": True, "members": members, "bases": [naming.type_name(base) for base in cls.__bases__]}, {}]
