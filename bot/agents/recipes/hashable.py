"""Whether values are surely hashable, by annotations, literals and the functions they come from."""

import re

import libcst as cst

from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import assignment, code, find, loops_in, method, name_of

_SCALARS = r"(?:str|int|float|bool|bytes|None|date|datetime|Decimal|UUID|Path)"
_TEXT_METHODS = (
    "lower",
    "upper",
    "strip",
    "lstrip",
    "rstrip",
    "title",
    "casefold",
    "replace",
    "join",
    "format",
    "removeprefix",
    "removesuffix",
)
_MAKERS = ("str", "int", "float", "bool", "len", "repr", "ord", "chr", "hash", "id", "round", "frozenset")


def _plain_type(text: str) -> bool:
    """`str`, `int | None`, `tuple[str, int]`."""
    words = re.findall(r"\w+", text)
    return bool(words) and all(re.fullmatch(_SCALARS + "|tuple|Tuple|Optional|frozenset", word) for word in words)


def _annotations(scene: Scene) -> dict[str, str]:
    found = {}
    given = scene.function.params
    for each in (*given.posonly_params, *given.params, *given.kwonly_params):
        if each.annotation is not None:
            found[each.name.value] = code(each.annotation.annotation).strip("\"'")
    for line in find(scene.function, cst.AnnAssign):
        if isinstance(line.target, cst.Name):
            found[line.target.value] = code(line.annotation.annotation)
    return found


def _item_type(annotation: str) -> str | None:
    """What `list[str]` and its kin are made of."""
    match = re.fullmatch(r"(?:list|List|Sequence|Iterable|Collection|set|Set|tuple|Tuple)\[(.*?)(?:,\s*\.\.\.)?\]", annotation)
    return match[1] if match else None


def hashable_items(name: str, scene: Scene) -> bool:
    """Whether this variable is surely a list (or tuple) of hashable items."""
    annotation = _annotations(scene).get(name, "")
    if (item := _item_type(annotation)) is not None:
        return annotation.startswith(("list", "List", "tuple", "Tuple", "Sequence")) and _plain_type(item)
    values = [pair[1] for each in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
    return len(values) == 1 and _is_list_of_hashables(values[0], scene)


def _is_list_of_hashables(value: cst.BaseExpression, scene: Scene) -> bool:
    match value:
        case cst.List(elements=elements) | cst.Tuple(elements=elements):
            return bool(elements) and all(isinstance(each, cst.Element) and hashable(each.value, scene) for each in elements)
        case cst.ListComp(elt=item):
            return hashable(item, scene)
    return method(value, "split", "splitlines") is not None


def hashable(node: cst.BaseExpression, scene: Scene) -> bool:
    match node:
        case cst.SimpleString() | cst.FormattedString() | cst.ConcatenatedString() | cst.Integer() | cst.Float():
            return True
        case cst.Name(value=name):
            return name in ("True", "False", "None") or _is_hashable_name(name, scene)
        case cst.Tuple(elements=elements):
            return all(isinstance(each, cst.Element) and hashable(each.value, scene) for each in elements)
        case cst.Call(func=cst.Name(value=function)):
            return function in _MAKERS and function not in scene.functions
        case cst.BinaryOperation(left=left, right=right):
            return hashable(left, scene) and hashable(right, scene)
    return method(node, *_TEXT_METHODS) is not None


def _is_hashable_name(name: str, scene: Scene) -> bool:
    """By its annotation, by the only value it is assigned, or by what it goes through."""
    if _plain_type(_annotations(scene).get(name, "")):
        return True
    values = [pair[1] for each in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
    sources = [each.iter for each in loops_in(scene.function) if name_of(each.target) == name]
    if any(name in code(value) for value in values) or len(values) + len(sources) == 0:
        return False
    return all(hashable(value, scene) for value in values) and all(_has_hashable_items(each, scene) for each in sources)


def _has_hashable_items(source: cst.BaseExpression, scene: Scene) -> bool:
    if isinstance(source, cst.Name):
        item = _item_type(_annotations(scene).get(source.value, ""))
        return _plain_type(item) if item is not None else hashable_items(source.value, scene)
    return _is_list_of_hashables(source, scene) or (isinstance(source, cst.Call) and name_of(source.func) == "range")
