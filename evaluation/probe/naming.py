"""Names of classes and functions, read without asking them."""

import sys

MRO = type.__dict__["__mro__"].__get__
SPACE = type.__dict__["__dict__"].__get__
MODULE = type.__dict__["__module__"].__get__
NAME = type.__dict__["__qualname__"].__get__


def type_name(cls):
    """`module.Qualified.name` of a class, as far as it has one."""
    try:
        module, name = MODULE(cls), NAME(cls)
    except (AttributeError, TypeError):
        return "?"
    return name if module == "builtins" else "{}.{}".format(module, name)


def found(value, module, qualname):
    """Whether the name leads to the object: then the name says all there is to say."""
    place = sys.modules.get(module) if isinstance(module, str) else None
    for part in str(qualname).split("."):
        space = getattr(place, "__dict__", None)
        if space is None or part not in space:
            return False
        place = space[part]
    return place is value
