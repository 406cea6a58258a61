"""Runs comparators and key functions in one world, as far as their code is plain enough to be followed."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.agents.recipes.paths import attribute, bracketed, compared_around, full, is_float, item, negative, ordered
from bot.agents.recipes.worlds import MISSING_SIDES, UNKNOWN, Cell, Column, Outer, Undecided, World

_TESTS = {"pandas.isna", "pandas.isnull", "numpy.isnan", "math.isnan"}
_NOTHINGS = {"pandas.NaT", "pandas.NA", "numpy.nan", "math.nan"}
_STEPS = 4000


class _Jump(Exception):
    def __init__(self, kind: str, value: Any = None) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value


@dataclass(slots=True)
class Interpreter:
    """Runs the small language of comparators and key functions in one world."""

    world: World
    functions: Mapping[str, ast.FunctionDef]
    imports: Mapping[str, str]
    around: Mapping[str, Any]  # what names of the surrounding code stand for
    steps: int = 0

    def run(self, statements: Sequence[ast.stmt], env: dict[str, Any]) -> None:
        for statement in statements:
            self.steps += 1
            if self.steps > _STEPS:
                raise Undecided("it takes too long to follow")
            self._statement(statement, env)

    def _statement(self, statement: ast.stmt, env: dict[str, Any]) -> None:
        match statement:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="append"), args=[item])) if name in env:
                env[name] = (*env[name], self.value(item, env))
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="extend"), args=[items])) if (
                name in env
            ):
                env[name] = (*env[name], *self.value(items, env))
            case ast.Assign(targets=[target], value=value):
                self._bind(target, self.value(value, env), env)
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                self._bind(target, self.value(value, env), env)
            case ast.If(test=test, body=body, orelse=orelse):
                self.run(body if self.truth(test, env) else orelse, env)
            case ast.Return(value=value):
                raise _Jump("return", None if value is None else self.value(value, env))
            case ast.Continue():
                raise _Jump("continue")
            case _:
                raise Undecided(f"`{ast.unparse(statement).splitlines()[0]}` is not something we can follow")

    def _bind(self, target: ast.expr, value: Any, env: dict[str, Any]) -> None:
        match target:
            case ast.Name(id=name):
                env[name] = value
            case ast.Tuple(elts=parts) if isinstance(value, tuple) and len(parts) == len(value):
                for part, one in zip(parts, value, strict=True):
                    self._bind(part, one, env)
            case _:
                raise Undecided(f"`{ast.unparse(target)}` is assigned")

    def truth(self, node: ast.expr, env: dict[str, Any]) -> bool:
        value = self._decided(node, env)
        if isinstance(value, bool | int):
            return bool(value)
        raise Undecided(f"`{ast.unparse(node)}` decides")

    def value(self, node: ast.expr, env: dict[str, Any]) -> Any:
        match node:
            case ast.Constant(value=value):
                return value
            case ast.Name(id=name):
                return env[name] if name in env else self.around.get(name, UNKNOWN)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return tuple(self.value(part, env) for part in parts)
            case ast.Attribute(value=owner, attr=attr):
                return attribute(self.value(owner, env), attr)
            case ast.Subscript(value=base, slice=index):
                return item(self.value(base, env), self.value(index, env))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.value(body if self.truth(test, env) else orelse, env)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._not(operand, env)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return negative(self.value(operand, env))
            case ast.BoolOp(op=op, values=values):
                return self._either(isinstance(op, ast.Or), values, env)
            case ast.BinOp():
                return self._arithmetic(node, env)
            case ast.Compare():
                return self._compare(node, env)
            case ast.Call():
                return self._call(node, env)
        return UNKNOWN

    def _decided(self, node: ast.expr, env: dict[str, Any]) -> Any:
        """The value; for something from around, the truth it has in this world."""
        value = self.value(node, env)
        return self.world.atom(value.text) if isinstance(value, Outer) else value

    def _not(self, operand: ast.expr, env: dict[str, Any]) -> Any:
        value = self._decided(operand, env)
        return UNKNOWN if value is UNKNOWN or isinstance(value, Cell) else not value

    def _either(self, settles: bool, values: Sequence[ast.expr], env: dict[str, Any]) -> Any:
        """`or` (settled by a true value) and `and` (by a false one), where some operands may be unknown."""
        unknown = False
        for each in values:
            value = self._decided(each, env)
            if isinstance(value, Cell):
                raise Undecided(f"the truth of `{ast.unparse(each)}` decides")
            unknown = unknown or value is UNKNOWN
            if value is not UNKNOWN and bool(value) is settles:
                return settles
        return UNKNOWN if unknown else not settles

    def _arithmetic(self, node: ast.BinOp, env: dict[str, Any]) -> Any:
        left, right = self.value(node.left, env), self.value(node.right, env)
        if isinstance(node.op, ast.Mult):
            return self._product(left, right)
        if isinstance(left, bool | int) and isinstance(right, bool | int) and isinstance(node.op, ast.Sub):
            return left - right
        if isinstance(node.op, ast.Add) and isinstance(left, tuple) and isinstance(right, tuple):
            return left + right
        return UNKNOWN

    def _product(self, left: Any, right: Any) -> Any:
        """With a factor of +1 or -1, also one that only the caller knows."""
        for factor, value in ((left, right), (right, left)):
            if isinstance(factor, Outer):
                factor = 1 if self.world.atom(f"{bracketed(factor.text)} > 0") else -1
            if isinstance(factor, int) and factor in (1, -1) and value is not UNKNOWN:
                return value if factor == 1 else negative(value)
        return UNKNOWN

    def _compare(self, node: ast.Compare, env: dict[str, Any]) -> Any:
        if len(node.ops) != 1:
            return UNKNOWN
        left, right, op = self.value(node.left, env), self.value(node.comparators[0], env), node.ops[0]
        if isinstance(op, ast.Is | ast.IsNot) and full(node.comparators[0], self.imports) in _NOTHINGS:
            right = None
        if isinstance(left, Cell) and isinstance(right, Cell):
            return self._compare_cells(left, right, op)
        if isinstance(left, Cell) or isinstance(right, Cell):
            return self._compare_missing(left, right, op)
        if isinstance(left, bool | int) and isinstance(right, bool | int):
            return ordered((left > right) - (left < right), op)
        return compared_around(left, right, op)

    def _compare_cells(self, left: Cell, right: Cell, op: ast.cmpop) -> Any:
        if left == right:  # `value != value` is how a NaN is recognised
            missing = self._missing(left)
            return missing if isinstance(op, ast.NotEq) else (not missing if isinstance(op, ast.Eq) else UNKNOWN)
        if (
            (left.frame, left.column, left.sign) != (right.frame, right.column, right.sign)
            or self._missing(left)
            or self._missing(right)
        ):
            return UNKNOWN
        return ordered(left.sign * self._order(left, right), op)

    def _order(self, left: Cell, right: Cell) -> int:
        sign = {"less": -1, "equal": 0, "greater": 1}[self.world.relation(left)]
        return sign if left.side == "L" else -sign if left.side != right.side else 0

    def _compare_missing(self, left: Any, right: Any, op: ast.cmpop) -> Any:
        """`value is None`: a value that is there is not; which of its forms a missing one has, we don't know."""
        cell, other = (left, right) if isinstance(left, Cell) else (right, left)
        if other is None and isinstance(op, ast.Is | ast.IsNot | ast.Eq | ast.NotEq) and not self._missing(cell):
            return isinstance(op, ast.IsNot | ast.NotEq)
        return UNKNOWN

    def _missing(self, cell: Cell) -> bool:
        return cell.side in MISSING_SIDES.get(self.world.relation(cell), "")

    def _call(self, node: ast.Call, env: dict[str, Any]) -> Any:
        name = full(node.func, self.imports)
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("to_numpy", "tolist", "to_list"):
            owner = self.value(node.func.value, env)
            return owner if isinstance(owner, Column) else UNKNOWN
        if node.keywords or any(isinstance(arg, ast.Starred) for arg in node.args):
            return UNKNOWN
        if isinstance(node.func, ast.Name) and node.func.id in self.functions:
            return self._inside(self.functions[node.func.id], [self.value(arg, env) for arg in node.args])
        if name in ("tuple", "list") and len(node.args) <= 1:
            value = self.value(node.args[0], env) if node.args else ()
            return value if isinstance(value, tuple) else UNKNOWN
        match [self.value(arg, env) for arg in node.args]:
            case [Cell() as cell] if name in _TESTS:
                return self._missing(cell)
            case [Cell() as cell, *_] if name == "isinstance" and is_float(node.args[1]) and self._missing(cell):
                return True
            case [value] if name in ("bool", "int") and isinstance(value, bool):
                return bool(value) if name == "bool" else int(value)
        return UNKNOWN

    def _inside(self, function: ast.FunctionDef, values: Sequence[Any]) -> Any:
        names = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
        if len(names) != len(values) or function.args.vararg or function.args.kwarg or function.args.kwonlyargs:
            return UNKNOWN
        try:
            self.run(function.body, dict(zip(names, values, strict=True)))
        except _Jump as jump:
            return jump.value
        return None

    def iteration(self, statements: Sequence[ast.stmt], env: dict[str, Any]) -> Any:
        """What one turn of the loop over the keys returns; UNKNOWN stands for "went on to the next key"."""
        try:
            self.run(statements, env)
        except _Jump as jump:
            return UNKNOWN if jump.kind == "continue" else jump.value
        return UNKNOWN

    def lexicographic(self, left: Any, right: Any) -> int:
        """How two keys compare as Python compares tuples."""
        if isinstance(left, tuple) and isinstance(right, tuple) and len(left) == len(right):
            ways = (self.lexicographic(one, other) for one, other in zip(left, right, strict=True))
            return next((way for way in ways if way), 0)
        if isinstance(left, bool | int) and isinstance(right, bool | int):
            return (left > right) - (left < right)
        if isinstance(left, Cell) and isinstance(right, Cell):
            return self._lexicographic_cells(left, right)
        if left == right and isinstance(left, str):
            return 0
        raise Undecided("the parts of two keys can't be compared without knowing the values")

    def _lexicographic_cells(self, left: Cell, right: Cell) -> int:
        agree = (left.frame, left.column, left.sign) == (right.frame, right.column, right.sign)
        if not agree or self._missing(left) or self._missing(right):
            raise Undecided("a missing value takes part in comparisons")
        return left.sign * self._order(left, right)
