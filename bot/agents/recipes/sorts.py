"""Sorts in a function: what is sorted, by which function, and what the names around it stand for."""

import ast
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import libcst as cst

from bot.agents.recipes.effects import parameters
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import assignment, call, code, dotted, find, keyword, name_of, plain, subscript, text_of, walk
from bot.agents.recipes.worlds import Column, Columns, Outer, Rows


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort found in the code: what is sorted, by what, and whether it is a statement `items.sort(...)`."""

    node: cst.Call
    items: cst.BaseExpression
    key: cst.BaseExpression
    backwards: cst.BaseExpression | None
    in_place: bool


@dataclass(frozen=True, slots=True)
class Items:
    """What the sorted things are: all positions of a frame, its records, or (without a frame) a list of positions."""

    frame: str
    records: bool = False


def sorts_in(function: cst.FunctionDef) -> list[Sort]:
    found = []
    done = [each.orelse for each in find(function, cst.IfExp) if "_stable_order(" in code(each.test)]
    for node in find(function, cst.Call):
        if node in done:
            continue
        key, backwards = keyword(node, "key"), keyword(node, "reverse")
        if key is None:
            continue
        match node:
            case cst.Call(func=cst.Name("sorted"), args=[cst.Arg(value=items, keyword=None), *_]):
                found.append(Sort(node, items, key, backwards, in_place=False))
            case cst.Call(func=cst.Attribute(value=cst.Name() as items, attr=cst.Name("sort"))):
                found.append(Sort(node, items, key, backwards, in_place=True))
    return found


def assigned_once(function: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    """Names of the function that are assigned exactly once, with what they stand for."""
    found: dict[str, list[cst.BaseExpression]] = {}
    for line in find(function, cst.SimpleStatementLine):
        if (pair := assignment(line)) is not None:
            found.setdefault(pair[0], []).append(pair[1])
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def items_of(node: cst.BaseExpression, values: Mapping[str, cst.BaseExpression], scene: Scene, depth: int = 0) -> Items | None:
    """Read `range(len(frame))` in its many spellings, and the records of a frame."""
    if depth > 4:
        return None
    if (inner := call(node, "list", "range", "len", "iter")) is not None and len(inner) == 1:
        return items_of(inner[0], values, scene, depth + 1) or _lengthy(inner[0], dotted(getattr(node, "func", None)), scene)
    match node:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("to_dict")), args=[arg]):
            return Items(frame, records=True) if text_of(arg.value) == "records" else None
        case cst.Call(func=func, args=[cst.Arg(value=size, keyword=None)]) if scene.means(func, "numpy.arange"):
            return items_of(size, values, scene, depth + 1)
        case cst.Name(value=name) if name in values:
            return items_of(values[name], values, scene, depth + 1)
    return _shape(node)


def _lengthy(node: cst.BaseExpression, function: str | None, scene: Scene) -> Items | None:
    """`len(frame)`, where the name is one that is used as a frame."""
    frame = name_of(node) or (name_of(node.value) if isinstance(node, cst.Attribute) and node.attr.value == "index" else None)
    if place := subscript(node):
        frame = name_of(place[0])
    return Items(frame) if frame and function == "len" and frame in used_as_frames(scene) else None


def _shape(node: cst.BaseExpression) -> Items | None:
    match subscript(node):
        case cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("shape")), cst.Integer(value="0"):
            return Items(frame)
    return None


def used_as_frames(scene: Scene) -> set[str]:
    """Variables that are used as only a frame can be, or annotated as one."""
    found = {
        each.name.value
        for each in scene.function.params.params
        if "DataFrame" in (code(each.annotation) if each.annotation else "")
    }
    for node in walk(scene.function):
        match node:
            case cst.Attribute(value=cst.Name(value=name), attr=cst.Name("iloc" | "columns" | "to_dict" | "iterrows" | "take")):
                found.add(name)
            case cst.Attribute(
                value=cst.Subscript(value=cst.Name(value=name)), attr=cst.Name("iloc" | "iat" | "to_numpy" | "values")
            ):
                found.add(name)
    return found


def function_of(key: cst.BaseExpression, scene: Scene) -> ast.FunctionDef | None:
    """The comparator or key function, be it nested, in the module, or a lambda."""
    found = _written(key, scene)
    return _unwrapped(found, functions_seen(scene)) if found is not None else None


def _unwrapped(function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]) -> ast.FunctionDef:
    """With the body of the function in which all the work is done: `lambda i: key_of(frame.iloc[i], columns)`."""
    match function.body:
        case [ast.Return(value=ast.Call(func=ast.Name(id=name), args=args, keywords=[]))] if name in functions:
            inner = functions[name]
            names = [arg.arg for arg in inner.args.args]
            if len(names) != len(args) or not any(isinstance(each, ast.For | ast.comprehension) for each in ast.walk(inner)):
                return function
            given: list[ast.stmt] = [_bind(one, arg) for one, arg in zip(names, args, strict=True) if _differs(one, arg)]
            return ast.FunctionDef(name, function.args, [*given, *inner.body], [], lineno=1, col_offset=0)
    return function


def _differs(name: str, value: ast.expr) -> bool:
    return not (isinstance(value, ast.Name) and value.id == name)


def _bind(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value, lineno=1)


def _written(key: cst.BaseExpression, scene: Scene) -> ast.FunctionDef | None:
    """The function as it stands there."""
    if isinstance(key, cst.Lambda):
        tree = plain(key).body[0]
        assert isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Lambda)
        body: list[ast.stmt] = [ast.Return(tree.value.body)]
        return ast.FunctionDef("key", tree.value.args, body, [], lineno=1, col_offset=0)
    return functions_seen(scene).get(name_of(key) or "")


def functions_seen(scene: Scene) -> dict[str, ast.FunctionDef]:
    nested = {each.name.value: each for each in find(scene.function.body, cst.FunctionDef)}
    found = {}
    for name, function in {**scene.functions, **nested}.items():
        tree = plain(function).body[0]
        if isinstance(tree, ast.FunctionDef):
            found[name] = tree
    return found


def surroundings(values: Mapping[str, cst.BaseExpression], items: Items, scene: Scene) -> dict[str, Any]:
    """What the names of the function stand for in the comparison."""
    found: dict[str, Any] = {name: Outer(name) for name in (*parameters(scene.function), *values)}
    targets = {each.value for loop in find(scene.function, cst.For) for each in find(loop.target, cst.Name)}
    found |= {name: Outer(name) for name in targets}
    found |= {name: Columns(name) for name in used_as_frames(scene) | {items.frame}}
    for name, value in values.items():
        if (kind := _derived(value, targets)) is not None:
            found[name] = kind
    return found


def _derived(value: cst.BaseExpression, targets: Collection[str]) -> Any:
    """Records, columns by name, or one column, where that is what a variable holds."""
    match value:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("to_dict")), args=[arg]):
            return {"records": Rows, "list": Columns}.get(text_of(arg.value) or "", lambda _: None)(frame)
        case cst.DictComp(key=cst.Name(value=label), value=inner) if (column := _whole_column(inner)) and column[1] == label:
            return Columns(column[0])
        case cst.ListComp(
            elt=cst.Subscript(value=cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("iloc")), slice=[index])
        ):
            return Rows(frame) if code(index) == code(value.for_in.target) and not value.for_in.ifs else None
    column = _whole_column(value)
    return Column(*column) if column and (column[1].startswith(("'", '"')) or column[1] in targets) else None


def _whole_column(node: cst.BaseExpression) -> tuple[str, str] | None:
    """Frame and label of `frame[label]`, also as an array or list."""
    match node:
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("to_numpy" | "tolist" | "to_list")), args=[]):
            return _whole_column(inner)
        case cst.Call(func=cst.Name("list"), args=[cst.Arg(value=inner)]):
            return _whole_column(inner)
        case cst.Attribute(value=cst.Subscript() as inner, attr=cst.Name("values" | "array")):
            return _whole_column(inner)
    match subscript(node):
        case cst.Name(value=frame), (cst.Name() | cst.SimpleString()) as label:
            text = text_of(label)
            return frame, code(label) if text is None else repr(text)
    return None
