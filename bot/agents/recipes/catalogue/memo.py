"""A pure recursion that meets the same arguments over and over, with a memo that lives for one outer call."""

import ast

import libcst as cst

from bot.agents.recipes.effects import parameters
from bot.agents.recipes.flow import has, stores, suspends
from bot.agents.recipes.scene import Fit, Import, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Function, block, code, find, name_of, plain, positional, swap

FUNCTOOLS = Import("functools")
_KEYS = ("int", "str", "bool", "bytes")
_PURE = {"len", "min", "max", "abs", "sum", "range", "divmod", "ord", "pow", "int", "str"}


def rewrite(scene: Scene) -> Fit:
    function = scene.function
    name = function.name.value
    calls = [each for each in find(function.body, cst.Call) if name_of(each.func) == name]
    if len(calls) < 2 or "." in scene.name:
        raise Misfit("it does not call itself at least twice")
    if (obstacle := _obstacle(function, calls)) is not None:
        raise Misfit(obstacle)
    varying = _varying(function, calls)
    if not varying or not all(_is_key(each, function) for each in varying):
        raise Misfit("the arguments that change from call to call are not surely hashable")
    return Fit(_memoised(function, varying, scene), (FUNCTOOLS,), note="the same sub-problems solved again and again")


def _obstacle(function: Function, calls: list[cst.Call]) -> str | None:
    given = function.params
    if (
        given.star_kwarg
        or given.kwonly_params
        or given.posonly_params
        or any(each.default for each in given.params)
        or function.decorators
    ):
        return "its parameters have defaults or stars, or it is decorated"
    if isinstance(given.star_arg, cst.Param) or function.asynchronous or suspends(function):
        return "its parameters have stars, or it is a generator"
    if any((arguments := positional(each)) is None or len(arguments) != len(given.params) for each in calls):
        return "it calls itself with keywords"
    if not _is_pure(function) or not _returns_plain(function):
        return "it does more than to compute a number, text or truth value"
    return None


def _is_pure(function: Function) -> bool:
    """Only local names are bound, and only the function itself and harmless built-ins are called."""
    impure = (ast.Global, ast.Nonlocal, ast.Lambda, ast.ClassDef, ast.Import, ast.With, ast.Delete, ast.Try)
    if has(function.body, *impure) or has(function.body, ast.FunctionDef):
        return False
    tree = plain(function.body)
    stored = any(isinstance(each, ast.Attribute | ast.Subscript) and isinstance(each.ctx, ast.Store) for each in ast.walk(tree))
    called = [each.func for each in ast.walk(tree) if isinstance(each, ast.Call)]
    return not stored and all(isinstance(each, ast.Name) and each.id in _PURE | {function.name.value} for each in called)


def _returns_plain(function: Function) -> bool:
    """A result that may be shared: no list, set or dict that a caller could change."""
    if function.returns is not None:
        return code(function.returns.annotation) in ("int", "float", "str", "bool")
    displays = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    return not has(function.body, *displays)


def _varying(function: Function, calls: list[cst.Call]) -> list[str]:
    """The parameters that some inner call does not simply hand on."""
    names = parameters(function)
    changed = stores(function.body)
    return [
        name
        for place, name in enumerate(names)
        if name in changed or any(name_of((positional(each) or [])[place]) != name for each in calls)
    ]


def _is_key(name: str, function: Function) -> bool:
    """Annotated as a plain value, or used as a whole number: compared with one, or as an index."""
    param = next(each for each in function.params.params if each.name.value == name)
    if param.annotation is not None:
        return code(param.annotation.annotation) in _KEYS
    return any(_is_whole(each, name) for each in ast.walk(plain(function.body)))


def _is_whole(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Subscript(slice=index) if not isinstance(index, ast.Slice):
            return any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(index))
        case ast.Compare(left=ast.Name(id=left), comparators=[ast.Constant(value=int())]):
            return left == name
        case ast.Call(func=ast.Name(id="range"), args=args):
            return any(isinstance(each, ast.Name) and each.id == name for arg in args for each in ast.walk(arg))
    return False


def _memoised(function: Function, varying: list[str], scene: Scene) -> Function:
    """The function with its old body as an inner, cached function of the varying arguments."""
    name, functools = function.name.value, scene.spelled(FUNCTOOLS)
    inner_name = name if len(varying) == len(parameters(function)) else scene.fresh(f"{name}_of")
    inner = _inner(function, inner_name, varying)
    decorator = f"@{functools}.lru_cache(maxsize=None, typed=True)  # lives for one outer call"
    head = block(f"{decorator}\ndef {inner_name}({', '.join(varying)}):\n    pass\n")[0]
    assert isinstance(head, cst.FunctionDef)
    documented, body = _split(inner)
    cached = head.with_changes(body=function.body.with_changes(body=body))
    gap = [cst.EmptyLine(indent=False)] if documented else []
    last = block(f"\nreturn {inner_name}({', '.join(varying)})\n")[0].with_changes(leading_lines=[cst.EmptyLine(indent=False)])
    return function.with_changes(
        body=function.body.with_changes(body=[*documented, cached.with_changes(leading_lines=gap), last])
    )


def _inner(function: Function, name: str, varying: list[str]) -> Function:
    places = [parameters(function).index(each) for each in varying]

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        if not isinstance(node, cst.Call) or name_of(node.func) != function.name.value:
            return None
        return cst.Call(cst.Name(name), [cst.Arg(node.args[place].value) for place in places])

    return swap(function, change)


def _split(function: Function) -> tuple[list[cst.BaseStatement], list[cst.BaseStatement]]:
    """Docstring and the rest."""
    body = list(function.body.body)
    match body[0]:
        case cst.SimpleStatementLine(body=[cst.Expr(value=cst.BaseString())]):
            return body[:1], body[1:]  # type: ignore[return-value]
    return [], body  # type: ignore[return-value]


RECIPE = Recipe(
    name="memo",
    title="Solve each sub-problem of the recursion once",
    mechanism="The recursion meets the same arguments many times; a memo that lives for one outer call computes"
    " each of them once.",
    precondition="A pure function calls itself at least twice with plain values. Nothing is remembered from one outer"
    " call to the next.",
    rewrite=rewrite,
    aliases=("cache", "lru-cache", "functools-cache", "memoize"),
)
