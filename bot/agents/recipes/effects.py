"""What calling a function of the same module does to its arguments."""

import ast
from collections.abc import Iterator

import libcst as cst

from bot.agents.recipes.flow import full_name, is_pure_call, root, stores
from bot.agents.recipes.scene import Scene
from bot.agents.recipes.syntax import Function, plain


def parameters(function: Function) -> list[str]:
    given = function.params
    return [each.name.value for each in (*given.posonly_params, *given.params, *given.kwonly_params)]


def changed(node: cst.CSTNode, scene: Scene, seen: frozenset[str] = frozenset()) -> set[str]:
    """Variables that the code binds or whose object it may change; looks into functions of the same module."""
    found = stores(node)
    for each in ast.walk(plain(node)):
        match each:
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                found.add(root(each) or "")
            case ast.AugAssign(target=target):
                found.add(root(target) or "")
            case ast.Call() if not is_pure_call(each, dict(scene.imports)):
                found |= _reached(each, scene, seen)
    return found - {""}


def _reached(call: ast.Call, scene: Scene, seen: frozenset[str]) -> set[str]:
    """Arguments that the called function may change; all of them, and the receiver, where we can't look into it."""
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    function = scene.functions.get(name)
    if function is None:
        if full_name(call.func, dict(scene.imports)) == "functools.cmp_to_key":
            return set()
        owner = [call.func.value] if isinstance(call.func, ast.Attribute) else []
        return {root(each) or "" for each in [*call.args, *(keyword.value for keyword in call.keywords), *owner]}
    if name in seen:
        return set()
    touched = changed(function.body, scene, seen | {name})
    return {root(value) or "" for parameter, value in _bound(call, function) if parameter in touched or parameter == ""}


def _bound(call: ast.Call, function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Parameter and value of each argument; the parameter is empty where a star hides it."""
    known = parameters(function)
    for position, value in enumerate(call.args):
        yield (known[position] if position < len(known) and not isinstance(value, ast.Starred) else ""), value
    for keyword in call.keywords:
        yield keyword.arg or "", keyword.value
