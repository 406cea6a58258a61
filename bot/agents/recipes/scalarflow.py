"""Where single floats taken out of an array go: whether anybody could tell a numpy float from a Python one there."""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.agents.recipes.flow import full_name

# What an expression may be. NUMBER: a number that is the same object either way. FLOAT: a numpy float before, a Python one after.
# MAYBE: that or None. TRUTH: a comparison of such (TRUTHS: several). LIST: of FLOATs and nothing else that a dtype could depend
# on. ARRAY: where the FLOATs come from. TYPED: an array that turns whatever is stored in it into 64-bit floats.
OTHER, NUMBER, NONE, FLOAT, MAYBE = "other", "number", "none", "float", "maybe"
TRUTH, TRUTHS, LIST, EMPTY, ARRAY, TYPED = "truth", "truths", "list", "empty", "array", "typed"
SENSITIVE = {FLOAT, MAYBE, TRUTH, TRUTHS, LIST, ARRAY}
_NUMERIC = {NUMBER, NONE, FLOAT, MAYBE}

_SAME_ON_SCALARS = frozenset(
    f"numpy.{name}" for name in ("isnan", "isfinite", "isinf", "sqrt", "exp", "log", "abs", "fabs", "floor", "ceil", "signbit")
) | {"pandas.isna", "pandas.isnull", "pandas.notna", "pandas.notnull"}
_SAME_ON_LISTS = frozenset(f"numpy.{name}" for name in ("array", "asarray", "mean", "std", "median", "sum", "min", "max")) | {
    "pandas.Series",
    "math.fsum",
}
_LIKE = ("numpy.zeros_like", "numpy.empty_like", "numpy.ones_like")
_TYPED_MAKERS = ("numpy.zeros", "numpy.empty", "numpy.ones")
FLOATS = ("float", "'float64'", '"float64"', "np.float64", "numpy.float64")
_NANS = ("numpy.nan", "math.nan", "numpy.inf", "math.inf")


class Leak(Exception):
    """Somebody could tell the difference; `str(error)` says where."""


@dataclass(slots=True)
class Scalars:
    """Follows the items of arrays through one function."""

    function: ast.FunctionDef
    functions: Mapping[str, ast.FunctionDef]
    imports: Mapping[str, str]
    kinds: dict[str, str]  # of variables: at first those of parameters
    depth: int = 3
    gives: str = ""  # what the function returns
    sources: Mapping[ast.expr, str] = field(default_factory=dict)  # expressions known from elsewhere

    def follow(self) -> str:
        """What the function gives. Raises Leak."""
        for _ in range(6):
            before = dict(self.kinds)
            self.block(self.function.body)
            if self.kinds == before:
                return self.gives
        raise Leak("values that change their kind")

    def block(self, statements: Iterable[ast.stmt]) -> None:
        for each in statements:
            self.statement(each)

    def statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)) if len(targets) == len(values):
                for one, part in zip(targets, values, strict=True):
                    self.bind(one, self.kind(part), part)
            case ast.Assign(targets=[target], value=value) | ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.kind(value), value)
            case ast.AugAssign(target=target, op=op, value=value):
                self.bind(target, self.kind(ast.BinOp(_loaded(target), op, value)), value)
            case ast.For(target=target, iter=source, body=body, orelse=orelse):
                self.loop(target, source)
                self.block([*body, *orelse])
            case ast.While(test=test, body=body, orelse=orelse) | ast.If(test=test, body=body, orelse=orelse):
                self.test(test)
                self.block([*body, *orelse])
            case ast.Return(value=value):
                kind = self.kind(value) if value is not None else NONE
                self.gives = joined(self.gives or kind, kind)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item])):
                self.append(name, item)
            case ast.Expr(value=value):
                self.kind(value)
            case ast.Pass() | ast.Break() | ast.Continue():
                pass
            case _:
                self.aloof(node)

    def test(self, node: ast.expr) -> None:
        if self.kind(node) == ARRAY:
            raise Leak(f"`{ast.unparse(node)}` as a truth value")

    def aloof(self, node: ast.AST) -> None:
        """Anything else may go on as long as it has nothing to do with what we follow."""
        for each in ast.walk(node):
            if isinstance(each, ast.Global | ast.Nonlocal | ast.NamedExpr):
                raise Leak(f"`{ast.unparse(each)}`")
            if isinstance(each, ast.Name) and (self.kinds.get(each.id) in SENSITIVE or isinstance(each.ctx, ast.Store)):
                raise Leak(f"`{each.id}` in `{ast.unparse(node).splitlines()[0]}`")

    def bind(self, target: ast.expr, kind: str, value: ast.expr) -> None:
        match target:
            case ast.Name(id=name):
                self.kinds[name] = joined(self.kinds[name], kind) if name in self.kinds else kind
            case ast.Tuple(elts=targets) if kind not in SENSITIVE:
                for one in targets:
                    self.bind(one, OTHER, value)
            case ast.Subscript(value=base, slice=index):
                self.plain(index)
                self.store(base, kind, target)
            case _ if kind in SENSITIVE:
                raise Leak(f"`{ast.unparse(target)}`")

    def store(self, base: ast.expr, kind: str, target: ast.expr) -> None:
        holder = self.kind(base)
        if holder == ARRAY or (kind in SENSITIVE and not (holder == TYPED and kind in (FLOAT, MAYBE)) and kind != LIST):
            raise Leak(f"`{ast.unparse(target)}`, which may hold anything")
        if kind == LIST and not isinstance(getattr(target, "slice", None), ast.Constant):
            raise Leak(f"`{ast.unparse(target)}`")
        if kind == LIST:
            self.framed(base)

    def framed(self, base: ast.expr) -> None:
        """A list becomes a column of a frame, or else gets out as it is."""
        if not isinstance(base, ast.Name) or not any(
            _makes_frame(each, base.id, self.imports) for each in ast.walk(self.function)
        ):
            raise Leak(f"`{ast.unparse(base)}`, which may keep the list")

    def loop(self, target: ast.expr, source: ast.expr) -> None:
        match source:
            case ast.Call(func=ast.Name(id="range"), args=args):
                for each in args:
                    self.plain(each)
                self.bind(target, NUMBER, source)
            case ast.Call(func=ast.Name(id="enumerate"), args=[inner]) if isinstance(target, ast.Tuple) and len(target.elts) == 2:
                self.bind(target.elts[0], NUMBER, source)
                self.loop(target.elts[1], inner)
            case ast.Call(func=ast.Name(id="zip"), args=args, keywords=[]) if isinstance(target, ast.Tuple) and len(
                target.elts
            ) == len(args):
                for one, inner in zip(target.elts, args, strict=True):
                    self.loop(one, inner)
            case _:
                kind = self.kind(source)
                item = FLOAT if kind in (ARRAY, LIST) else NUMBER if kind == TYPED else OTHER
                self.bind(target, item, source)

    def append(self, name: str, item: ast.expr) -> None:
        holder, kind = self.kinds.get(name, OTHER), self.kind(item)
        if kind == FLOAT and holder in (EMPTY, LIST):
            self.kinds[name] = LIST
        elif kind in SENSITIVE or (holder == LIST and not self.literal(item)):
            raise Leak(f"`{name}.append({ast.unparse(item)})`")
        elif holder == EMPTY and not self.literal(item):
            self.kinds[name] = OTHER

    def literal(self, node: ast.expr) -> bool:
        """A number written down, or a NaN."""
        match node:
            case ast.Constant(value=float() | int() as value):
                return not isinstance(value, bool)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return self.literal(inner)
            case ast.Call(func=ast.Name(id="float"), args=[ast.Constant()]):
                return True
        return full_name(node, dict(self.imports)) in _NANS

    def plain(self, node: ast.expr) -> None:
        """A part in which nothing that we follow may occur."""
        if self.kind(node) in SENSITIVE:
            raise Leak(f"`{ast.unparse(node)}`")

    def kind(self, node: ast.expr) -> str:
        if node in self.sources:
            return self.sources[node]
        match node:
            case ast.Constant(value=value):
                return NONE if value is None else NUMBER if isinstance(value, int | float) else OTHER
            case ast.Name(id=name):
                return NUMBER if full_name(node, dict(self.imports)) in _NANS else self.kinds.get(name, OTHER)
            case ast.UnaryOp(op=op, operand=inner):
                return self.unary(op, self.kind(inner), node)
            case ast.BinOp(left=left, op=op, right=right):
                return self.arithmetic(self.kind(left), op, self.kind(right), right, node)
            case ast.Compare(left=left, ops=ops, comparators=others):
                return self.comparison([left, *others], ops, node)
            case ast.BoolOp(values=values):
                kinds = {self.kind(each) for each in values}
                return TRUTH if TRUTH in kinds and not kinds & {ARRAY, TRUTHS, LIST} else _same(kinds - {NUMBER}, node, NUMBER)
            case ast.IfExp(test=test, body=one, orelse=other):
                self.test(test)
                return joined(self.kind(one), self.kind(other))
            case ast.Subscript(value=base, slice=index):
                return self.item(self.kind(base), index, node)
            case ast.Call():
                return self.call(node)
            case ast.NamedExpr():
                raise Leak(f"`{ast.unparse(node)}`")
            case ast.List(elts=[]):
                return EMPTY
            case ast.ListComp(elt=item, generators=gens) | ast.GeneratorExp(elt=item, generators=gens):
                return self.comprehension(item, gens)
            case ast.Attribute() if full_name(node, dict(self.imports)) in _NANS:
                return NUMBER
        return self.whole(node)

    def whole(self, node: ast.AST) -> str:
        """Anything else, which must not have to do with what we follow."""
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.expr):
                self.plain(each)
            elif not isinstance(each, ast.expr_context):
                self.aloof(each)
        return OTHER

    def unary(self, op: ast.unaryop, kind: str, node: ast.expr) -> str:
        if isinstance(op, ast.Not):
            return _same({kind} - {TRUTH, FLOAT, MAYBE}, node, NUMBER)
        if isinstance(op, ast.Invert) or kind in (TRUTH, LIST, ARRAY):
            return _same({kind}, node, OTHER)
        return kind

    def arithmetic(self, left: str, op: ast.operator, right: str, divisor: ast.expr, node: ast.expr) -> str:
        if not {left, right} & SENSITIVE:
            return NUMBER if {left, right} <= {NUMBER} else OTHER
        if not {left, right} <= _NUMERIC:
            raise Leak(f"`{ast.unparse(node)}`")
        if isinstance(op, ast.Add | ast.Sub | ast.Mult):
            return FLOAT
        if isinstance(op, ast.Div) and self.literal(divisor) and isinstance(divisor, ast.Constant) and divisor.value:
            return FLOAT
        raise Leak(f"`{ast.unparse(node)}`: numpy divides by zero and Python does not, for one")

    def comparison(self, parts: list[ast.expr], ops: list[ast.cmpop], node: ast.expr) -> str:
        kinds = {self.kind(each) for each in parts}
        if not kinds & SENSITIVE or (all(isinstance(op, ast.Is | ast.IsNot) for op in ops) and not kinds & {LIST, ARRAY}):
            return NUMBER
        if not kinds <= _NUMERIC or any(isinstance(op, ast.In | ast.NotIn) for op in ops):
            raise Leak(f"`{ast.unparse(node)}`")
        return TRUTH

    def item(self, base: str, index: ast.expr, node: ast.expr) -> str:
        where = self.kind(index) if not isinstance(index, ast.Slice) else OTHER
        if base in (ARRAY, LIST):
            if where != NUMBER:
                raise Leak(f"`{ast.unparse(node)}`, where the position may be several")
            return FLOAT
        if where in SENSITIVE or base in SENSITIVE:
            raise Leak(f"`{ast.unparse(node)}`")
        return NUMBER if base == TYPED and where == NUMBER else OTHER

    def comprehension(self, item: ast.expr, generators: list[ast.comprehension]) -> str:
        outside = dict(self.kinds)
        for each in generators:
            self.loop(each.target, each.iter)
            for test in each.ifs:
                self.test(test)
        kind = self.kind(item)
        self.kinds = outside
        if kind in (MAYBE, LIST, ARRAY, TRUTHS):
            raise Leak(f"`{ast.unparse(item)}`")
        return LIST if kind == FLOAT else TRUTHS if kind == TRUTH else OTHER

    def call(self, node: ast.Call) -> str:
        full = full_name(node.func, dict(self.imports)) or ""
        if any(isinstance(each, ast.Starred) for each in node.args):
            return self.whole(node)
        if isinstance(node.func, ast.Attribute):
            self.plain(node.func.value)
        if full in self.functions and full not in self.kinds:
            return self.into(node, self.functions[full])
        if full == "pandas.DataFrame" and node.args and isinstance(node.args[0], ast.Dict):
            return self.table(node.args[0], [each.value for each in node.keywords])
        kinds = [self.kind(each) for each in node.args]
        if full in _TYPED_MAKERS and all(_float_dtype(each) for each in node.keywords) and len(kinds) == 1:
            return TYPED
        if full == "numpy.full" and len(kinds) == 2 and (node.keywords or self.literal(node.args[1])):
            written = isinstance(node.args[1], ast.Constant) and isinstance(node.args[1].value, int)
            if all(_float_dtype(each) for each in node.keywords) and (node.keywords or not written):
                return TYPED
        if not set(kinds) & SENSITIVE:
            return _known(full, kinds) if not node.keywords else self.whole(node)
        if not node.keywords or full in ("pandas.Series", "numpy.array", "numpy.asarray"):
            found = self.sensitive(full, kinds)
            if found is not None and not any(self.kind(each.value) in SENSITIVE for each in node.keywords):
                return found
        raise Leak(f"`{ast.unparse(node)}`")

    def table(self, columns: ast.Dict, others: list[ast.expr]) -> str:
        """A frame made of lists."""
        for each in columns.values:
            if self.kind(each) != LIST:
                self.plain(each)
        for other in others:
            self.plain(other)
        return OTHER

    def sensitive(self, full: str, kinds: list[str]) -> str | None:
        """What a call gives whose arguments are what we follow."""
        scalars = set(kinds) <= _NUMERIC
        if full in ("float", "int", "bool") and (scalars or kinds == [TRUTH]):
            return NUMBER
        if (full.startswith("math.") and full != "math.fsum" and scalars) or (full in _SAME_ON_SCALARS and scalars):
            return NUMBER
        if full in ("min", "max") and (kinds == [LIST] or (scalars and len(kinds) > 1)):
            return FLOAT
        if full == "abs" and scalars:
            return FLOAT
        if full == "len" and kinds[0] in (LIST, ARRAY):
            return NUMBER
        if full in _LIKE and kinds == [ARRAY]:
            return TYPED
        if full in ("any", "all") and kinds in ([LIST], [TRUTHS]):
            return NUMBER
        if full == "sorted" and kinds == [LIST]:
            return LIST
        return OTHER if full in _SAME_ON_LISTS and kinds[0] == LIST else None

    def into(self, node: ast.Call, helper: ast.FunctionDef) -> str:
        """A function of the same module, followed with these arguments."""
        given = helper.args
        named = [each.arg for each in (*given.posonlyargs, *given.args)]
        values = dict(zip(named, node.args, strict=False)) | {each.arg or "": each.value for each in node.keywords}
        kinds = {name: self.kind(value) for name, value in values.items()}
        kinds = {name: OTHER if kind == EMPTY else kind for name, kind in kinds.items()}
        if not set(kinds.values()) & SENSITIVE:
            return OTHER
        odd = given.vararg or given.kwarg or helper.decorator_list or "" in kinds or len(node.args) > len(named)
        if odd or self.depth == 0:
            raise Leak(f"`{ast.unparse(node)}`")
        inner = Scalars(helper, self.functions, self.imports, annotated(helper) | kinds, self.depth - 1)
        return inner.follow()


def annotated(function: ast.FunctionDef) -> dict[str, str]:
    """The parameters that are numbers by their annotation."""
    given = function.args
    every = (*given.posonlyargs, *given.args, *given.kwonlyargs)
    return {
        each.arg: NUMBER for each in every if isinstance(each.annotation, ast.Name) and each.annotation.id in ("int", "float")
    }


def joined(one: str, other: str) -> str:
    """What a variable is that may be either."""
    if one == other:
        return one
    pair = {one, other}
    for whole, parts in ((FLOAT, {FLOAT, NUMBER}), (MAYBE, {NONE, MAYBE, FLOAT, NUMBER}), (LIST, {LIST, EMPTY})):
        if pair <= parts and pair & SENSITIVE:
            return whole
    if pair & SENSITIVE:
        raise Leak("a variable that is sometimes one of its items and sometimes something else")
    return NUMBER if pair <= {NUMBER, NONE} else OTHER


def _same(kinds: set[str], node: ast.expr, otherwise: str) -> str:
    if kinds & SENSITIVE:
        raise Leak(f"`{ast.unparse(node)}`")
    return otherwise if kinds <= {NUMBER, NONE} else OTHER


def _known(full: str, kinds: list[str]) -> str:
    """What a call gives that has nothing to do with what we follow."""
    if full in ("min", "max") and len(kinds) > 1 and set(kinds) == {NUMBER}:
        return NUMBER
    return NUMBER if full in ("len", "int", "float", "abs", "math.sqrt") else EMPTY if full == "list" else OTHER


def _float_dtype(each: ast.keyword) -> bool:
    return each.arg == "dtype" and ast.unparse(each.value) in FLOATS


def _loaded(target: ast.expr) -> ast.expr:
    """The target as something to read."""
    loaded: ast.expr = ast.parse(ast.unparse(target), mode="eval").body
    return loaded


def _makes_frame(node: ast.AST, name: str, imports: Mapping[str, str]) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Call(func=function)) if bound == name:
            full = full_name(function, dict(imports)) or ""
            return full == "pandas.DataFrame" or (isinstance(function, ast.Attribute) and function.attr in ("copy", "assign"))
        case ast.arg(arg=bound, annotation=ast.expr() as annotation) if bound == name:
            return "DataFrame" in ast.unparse(annotation)
    return False
