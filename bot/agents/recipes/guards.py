"""What must hold in a turn of a loop before the loop has any effect."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from bot.agents.recipes.flow import is_pure, loads, names
from bot.agents.recipes.syntax import assignment, body_of, code, expr, name_of, small, swap

_FLIPPED: dict[type[cst.BaseCompOp], type[cst.BaseCompOp]] = {
    cst.LessThan: cst.GreaterThan,
    cst.GreaterThan: cst.LessThan,
    cst.LessThanEqual: cst.GreaterThanEqual,
    cst.GreaterThanEqual: cst.LessThanEqual,
    cst.Equal: cst.Equal,
    cst.NotEqual: cst.NotEqual,
}
_OPPOSITE: dict[type[cst.BaseCompOp], type[cst.BaseCompOp]] = {
    cst.LessThan: cst.GreaterThanEqual,
    cst.GreaterThan: cst.LessThanEqual,
    cst.LessThanEqual: cst.GreaterThan,
    cst.GreaterThanEqual: cst.LessThan,
    cst.Equal: cst.NotEqual,
    cst.NotEqual: cst.Equal,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`left op right`."""

    left: cst.BaseExpression
    op: type[cst.BaseCompOp]
    right: cst.BaseExpression

    def flipped(self) -> "Comparison":
        return Comparison(self.right, _FLIPPED[self.op], self.left)


@dataclass(frozen=True, slots=True)
class Guarded:
    """A loop's body taken apart: conditions that every effect needs, shorthands for values, and the effects."""

    conditions: tuple[cst.BaseExpression, ...]
    shorthands: Mapping[str, cst.BaseExpression]
    effects: tuple[cst.CSTNode, ...]
    breaking: tuple[cst.BaseExpression, ...]  # those of the conditions whose failure ends the loop

    def spelled_out(self, node: cst.BaseExpression) -> cst.BaseExpression:
        """The expression without shorthands."""
        return swap(node, lambda each: self.shorthands.get(name_of(each) or "")) if self.shorthands else node

    @property
    def breaks(self) -> bool:
        return bool(self.breaking)

    def comparisons(self) -> list[Comparison]:
        found = [comparison(self.spelled_out(each)) for each in self.conditions]
        return [each for each in found if each is not None]


def comparison(node: cst.BaseExpression) -> Comparison | None:
    match node:
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=op, comparator=right)]) if type(op) in _FLIPPED:
            return Comparison(left, type(op), right)
    return None


def guarded(body: Sequence[cst.CSTNode], imports: Mapping[str, str], is_local: Callable[[str], bool]) -> Guarded:
    """Take the body of a loop apart. `is_local` says whether a variable is used in this loop only."""
    conditions: list[cst.BaseExpression] = []
    shorthands: dict[str, cst.BaseExpression] = {}
    breaking: list[cst.BaseExpression] = []
    rest = list(body)
    while rest:
        first = rest[0]
        if (leaving := _leaving(first)) is not None:
            conditions += _negated(leaving[0])
            breaking += _negated(leaving[0]) if leaving[1] else []
            rest = rest[1:]
        elif len(rest) == 1 and isinstance(first, cst.If) and first.orelse is None and body_of(first):
            conditions += _conjuncts(first.test)
            rest = list(body_of(first))
        elif (
            (pair := assignment(first))
            and is_local(pair[0])
            and is_pure(pair[1], dict(imports))
            and pair[0] not in loads(pair[1])
        ):
            shorthands[pair[0]] = swap(pair[1], lambda each: shorthands.get(name_of(each) or ""))
            rest = rest[1:]
        else:
            break
    return Guarded(tuple(conditions), shorthands, tuple(rest), tuple(breaking))


def _leaving(statement: cst.CSTNode) -> tuple[cst.BaseExpression, bool] | None:
    """The condition of `if condition: continue` (or break), and whether it is a break."""
    if not isinstance(statement, cst.If) or statement.orelse is not None or len(body_of(statement)) != 1:
        return None
    match small(body_of(statement)[0]):
        case cst.Continue():
            return statement.test, False
        case cst.Break():
            return statement.test, True
    return None


def _conjuncts(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    match test:
        case cst.BooleanOperation(left=left, operator=cst.And(), right=right):
            return [*_conjuncts(left), *_conjuncts(right)]
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return _negated(inner)
    return [test.with_changes(lpar=[], rpar=[]) if isinstance(test, cst.Comparison | cst.BooleanOperation) else test]


def _negated(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    """What holds when this does not; comparisons turn around (a NaN is in no order anyway)."""
    match test:
        case cst.BooleanOperation(left=left, operator=cst.Or(), right=right):
            return [*_negated(left), *_negated(right)]
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return _conjuncts(inner)
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=op, comparator=right)]) if (
            type(op) in _OPPOSITE
        ):
            opposite = _OPPOSITE[type(op)]()
            return [cst.Comparison(left, [cst.ComparisonTarget(opposite, right)])]
        case cst.BooleanOperation(left=left, operator=cst.And(), right=right):
            sides = [_negated(left), _negated(right)]
            if all(len(side) == 1 for side in sides):
                return [expr(f"{code(sides[0][0])} or {code(sides[1][0])}")]
        case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=cst.IsNot(), comparator=right)]):
            return [expr(f"{code(left)} is {code(right)}")]
    return [expr(f"not ({code(test)})")]


def depends(node: cst.CSTNode, on: set[str]) -> bool:
    return bool(names(node) & on)
