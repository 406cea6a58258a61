"""The mistakes that mutants are made of: what a slip of the pen, or an overconfident rewrite, would make of one piece of syntax.

Pure: a node in, changed nodes out, none of them sharing anything with the original. Whether a change can be noticed is not
known here.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

Change = tuple[str, ast.AST | None]  # what kind of mistake it is, and what stands there now; None: left out

_COMPARED: Mapping[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}  # fmt: skip
_COMPUTED: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.FloorDiv: ast.Div, ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}  # fmt: skip
_NAMES: Mapping[str, str] = {
    "min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil", "ceil": "floor", "argmin": "argmax",
    "argmax": "argmin", "nanmin": "nanmax", "nanmax": "nanmin", "first": "last", "last": "first", "mean": "median",
    "median": "mean", "sum": "prod", "nansum": "sum", "nanmean": "mean", "cumsum": "cumprod", "cummax": "cummin",
    "bisect_left": "bisect_right", "bisect_right": "bisect_left", "startswith": "endswith", "endswith": "startswith",
    "lower": "upper", "upper": "lower", "lstrip": "rstrip", "rstrip": "lstrip", "popleft": "pop", "head": "tail",
    "tail": "head", "find": "rfind", "union": "intersection", "intersection": "union", "float64": "float32",
    "int64": "int32", "std": "var", "logical_and": "logical_or", "logical_or": "logical_and",
    "isalpha": "isalnum", "isdigit": "isalnum", "log": "log1p", "exp": "expm1", "fsum": "sum", "zeros": "ones",
}  # fmt: skip
_WORDS: Mapping[str, str] = {
    "stable": "quicksort", "mergesort": "quicksort", "left": "right", "right": "left", "inner": "outer", "outer": "inner",
    "first": "last", "last": "first", "ffill": "bfill", "bfill": "ffill", "float64": "float32", "int64": "int32",
    "mean": "median", "sum": "prod", "min": "max", "max": "min", "average": "min", "coerce": "ignore", "raise": "ignore",
}  # fmt: skip
_COPIES = frozenset({"list", "tuple", "set", "sorted", "abs", "round", "int", "float", "str", "reversed", "dict", "array"})
_EITHER_WAY = frozenset({"min", "max", "minimum", "maximum", "gcd", "lcm", "hypot", "add", "multiply", "isclose", "union"})
_ASKS_MISSING = frozenset({"isnan", "isna", "isnull", "notna", "notnull", "isfinite", "isinf"})
_TEXTS = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple, ast.Dict)


def changes(node: ast.AST) -> Iterator[Change]:
    """All mistakes known for one node, by its own syntax alone."""
    for kind, operators in _OPERATORS.items():
        if isinstance(node, kind):
            for operator in operators:
                yield from operator(node)


def _with(node: Any, **fields: Any) -> Any:
    """A deep copy with some fields changed."""
    copied = deepcopy(node)
    for name, value in fields.items():
        setattr(copied, name, value)
    return copied


def _comparison(node: ast.Compare) -> Iterator[Change]:
    for at, operator in enumerate(node.ops):
        for other in _COMPARED[type(operator)]:
            yield "comparison", _with(node, ops=[*node.ops[:at], other(), *node.ops[at + 1 :]])


def _arithmetic(node: ast.BinOp) -> Iterator[Change]:
    other = _COMPUTED.get(type(node.op))
    if other is not None and not any(map(_is_text, (node.left, node.right))):
        yield "arithmetic", _with(node, op=other())
    if isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv | ast.Mod | ast.Pow):
        yield "swapped", _with(node, left=deepcopy(node.right), right=deepcopy(node.left))
    if isinstance(node.op, ast.Add) and any(map(_is_text, (node.left, node.right))):
        yield "swapped", _with(node, left=deepcopy(node.right), right=deepcopy(node.left))


def _is_text(node: ast.expr) -> bool:
    """What can be added but not subtracted: a mutant that only raises says nothing."""
    return isinstance(node, _TEXTS) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _increment(node: ast.AugAssign) -> Iterator[Change]:
    other = _COMPUTED.get(type(node.op))
    if other is not None and not _is_text(node.value):
        yield "arithmetic", _with(node, op=other())
    yield "statement", None


def _sign(node: ast.UnaryOp) -> Iterator[Change]:
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield "sign", deepcopy(node.operand)
    elif isinstance(node.op, ast.Not | ast.Invert):
        yield "condition", deepcopy(node.operand)


def _either(node: ast.BoolOp) -> Iterator[Change]:
    yield "logic", _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for value in node.values:
        yield "condition", deepcopy(value)


def _constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, int):
        yield "boundary", ast.Constant(value + 1)
        yield "boundary", ast.Constant(value - 1)
    elif isinstance(value, float) and value:
        yield "constant", ast.Constant(value * 2)
    elif isinstance(value, float):
        yield "constant", ast.Constant(1.0)
    elif isinstance(value, str):
        yield "constant", ast.Constant(_WORDS.get(value, value + "x" if value else "x"))


def _condition(node: ast.If | ast.IfExp) -> Iterator[Change]:
    yield "condition", _with(node, test=_not(node.test))
    if isinstance(node, ast.IfExp):
        yield "branch", deepcopy(node.body)
        yield "branch", deepcopy(node.orelse)
    elif not node.orelse:
        yield "branch", None


def _not(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return deepcopy(node.operand)
    return ast.UnaryOp(ast.Not(), deepcopy(node))


def _filter(node: ast.comprehension) -> Iterator[Change]:
    if node.ifs:
        yield "filter", _with(node, ifs=node.ifs[1:])


def _loop(node: ast.For) -> Iterator[Change]:
    yield "loop", _with(node, iter=_sliced(node.iter, ast.Slice(lower=ast.Constant(1))))
    yield "loop", _with(node, iter=_sliced(node.iter, ast.Slice(upper=ast.Constant(-1))))
    yield "early", _with(node, body=[*deepcopy(node.body), ast.Break()])


def _sliced(node: ast.expr, piece: ast.Slice) -> ast.expr:
    return ast.Subscript(ast.Call(ast.Name("list"), [deepcopy(node)], []), piece)


def _call(node: ast.Call) -> Iterator[Change]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _ASKS_MISSING:
        yield "missing", _blind(node, absent=name not in ("notna", "notnull", "isfinite"))
    elif isinstance(node.func, ast.Attribute) and _is_value(node.func.value):
        yield "dropped", deepcopy(node.func.value)
    elif name in _COPIES and len(node.args) == 1:
        yield "dropped", deepcopy(node.args[0])
    if name == "sorted" and len(node.args) == 1 and isinstance(node.args[0], ast.Name):
        yield "in place", _sorted_in_place(node, node.args[0])
    if name not in _EITHER_WAY and len(node.args) > 1 and ast.dump(node.args[0]) != ast.dump(node.args[1]):
        yield "swapped", _with(node, args=[*map(deepcopy, (node.args[1], node.args[0], *node.args[2:]))])
    if name == "range" and len(node.args) < 3:
        less = ast.BinOp(deepcopy(node.args[-1]), ast.Sub(), ast.Constant(1))
        yield "boundary", _with(node, args=[*deepcopy(node.args[:-1]), less])
    for at in range(len(node.keywords)):
        yield "keyword", _with(node, keywords=[*node.keywords[:at], *node.keywords[at + 1 :]])


def _blind(node: ast.Call, *, absent: bool) -> ast.expr:
    """The question whether something is missing, answered alike for all: also for whole columns."""
    return ast.BinOp(deepcopy(node), ast.BitAnd() if absent else ast.BitOr(), ast.Constant(not absent))


def _is_value(node: ast.expr) -> bool:
    """Whether something a method is called on could stand for itself: `text.strip()`, but not `np.sort(x)` or `re.sub(...)`."""
    return isinstance(node, ast.Call | ast.Subscript | ast.Attribute) or (
        isinstance(node, ast.Name) and node.id not in _LIBRARIES
    )


_LIBRARIES = frozenset({
    "np", "pd", "pl", "math", "re", "itertools", "functools", "collections", "random", "numpy", "pandas", "datetime", "date",
    "heapq", "bisect", "statistics", "operator", "string", "json", "self", "cls",
})  # fmt: skip


def _sorted_in_place(node: ast.Call, name: ast.Name) -> ast.expr:
    sort = ast.Call(ast.Attribute(deepcopy(name), "sort"), [], deepcopy(node.keywords))
    return ast.Subscript(ast.Tuple([sort, deepcopy(name)]), ast.Constant(1))


def _name(node: ast.Attribute | ast.Name) -> Iterator[Change]:
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        yield "function", _with(node, attr=_NAMES[node.attr])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and _NAMES.get(node.id) in _BUILTIN:
        yield "function", _with(node, id=_NAMES[node.id])


_BUILTIN = frozenset({"min", "max", "any", "all"})


def _piece(node: ast.Slice) -> Iterator[Change]:
    if node.step is not None:
        yield "slice", _with(node, step=None)
    for bound in ("lower", "upper"):
        value = getattr(node, bound)
        if value is not None:
            yield "slice", _with(node, **{bound: None})
            yield "boundary", _with(node, **{bound: ast.BinOp(deepcopy(value), ast.Add(), ast.Constant(1))})


def _said(node: ast.Expr) -> Iterator[Change]:
    if not isinstance(node.value, ast.Constant):  # a docstring
        yield "statement", None


def _kept(node: ast.Assign) -> Iterator[Change]:
    target = node.targets[0]
    if isinstance(target, ast.Subscript | ast.Attribute):
        yield "statement", None
    elif isinstance(target, ast.Name) and any(
        isinstance(each, ast.Name) and each.id == target.id for each in ast.walk(node.value)
    ):
        yield "statement", None  # `x = f(x)`: the name stays bound
    value = node.value
    if isinstance(target, ast.Name) and isinstance(value, ast.BinOp) and ast.unparse(value.left) == target.id:
        yield "in place", ast.AugAssign(deepcopy(target), deepcopy(value.op), deepcopy(value.right))


def _left(node: ast.Return) -> Iterator[Change]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield "none", ast.Return(ast.Constant(None))


def _refused(node: ast.Raise) -> Iterator[Change]:
    yield "refusal", None
    for name in ast.walk(node):
        if isinstance(name, ast.Name) and name.id.endswith("Error"):
            other = "RuntimeError" if name.id != "RuntimeError" else "ValueError"
            yield "refusal", _renamed(node, name.id, other)
            return


def _renamed(node: ast.Raise, name: str, other: str) -> ast.Raise:
    copied = deepcopy(node)
    for each in ast.walk(copied):
        if isinstance(each, ast.Name) and each.id == name:
            each.id = other
    return copied


def _handled(node: ast.Try) -> Iterator[Change]:
    if node.handlers and not node.finalbody:
        yield "refusal", ast.If(ast.Constant(True), deepcopy([*node.body, *node.orelse]), [])


def _jump(_node: ast.AST) -> Iterator[Change]:
    yield "statement", None


_OPERATORS: Mapping[type[ast.AST], tuple[Callable[[Any], Iterator[Change]], ...]] = {
    ast.Compare: (_comparison,),
    ast.BinOp: (_arithmetic,),
    ast.AugAssign: (_increment,),
    ast.UnaryOp: (_sign,),
    ast.BoolOp: (_either,),
    ast.Constant: (_constant,),
    ast.If: (_condition,),
    ast.IfExp: (_condition,),
    ast.comprehension: (_filter,),
    ast.For: (_loop,),
    ast.Call: (_call,),
    ast.Attribute: (_name,),
    ast.Name: (_name,),
    ast.Slice: (_piece,),
    ast.Expr: (_said,),
    ast.Assign: (_kept,),
    ast.Return: (_left,),
    ast.Raise: (_refused,),
    ast.Try: (_handled,),
    ast.Continue: (_jump,),
    ast.Break: (_jump,),
}
