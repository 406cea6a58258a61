"""Values of a received frame in words a person can read. Bounded; foreign text stays foreign text."""

from evaluation.compare.plain import Array, Child, Part, Ref, Special, Value, numpy_scalar

LENGTH = 120
ITEMS = 6


def shown(value: Value, child: Child, depth: int = 2) -> str:
    """A child, short."""
    if isinstance(child, Special):
        return short(_special(child))
    if not isinstance(child, Ref):
        return short(repr(child))
    node = value.node(child)
    if node.kind == "exception":
        return short(f"{node.type}{_parts(value, child, depth)}")
    if node.kind in ("function", "class", "module", "method"):
        return short(f"{node.kind} {node.type}")
    return short(f"{node.type}{_parts(value, child, depth)}" if depth else node.type)


def short(text: str, length: int = LENGTH) -> str:
    """At most `length` characters of a text."""
    return text if len(text) <= length else text[: length - 3] + "..."


def _special(special: Special) -> str:
    if special.kind.startswith("np:"):
        scalar = numpy_scalar(special)
        return f"np.{scalar.dtype.name}({scalar[()]})"
    return special.text or special.kind


def _parts(value: Value, ref: Ref, depth: int) -> str:
    node = value.node(ref)
    name = next((name for name in ("items", "args", "value", "values", "data", "state") if name in node.parts), None)
    if name is None or not depth:
        return ""
    return f"({_part(value, value.part(node, name), depth - 1)})"


def _part(value: Value, part: Part, depth: int) -> str:
    if isinstance(part, tuple):
        items = [shown(value, child, depth) for child in part[:ITEMS]]
        return ", ".join(items + (["..."] if len(part) > ITEMS else []))
    if isinstance(part, str | int | float | bool | Ref | Special) or part is None:
        return shown(value, part, depth)
    return _numbers(part)


def _numbers(part: Array) -> str:
    flat = part.ravel()
    return ", ".join([str(item) for item in flat[:ITEMS].tolist()] + (["..."] if flat.size > ITEMS else []))
