"""Items picked one by one from `frame[column].values`, as lists made once per column."""

from dataclasses import dataclass, field

import libcst as cst

from bot.agents.recipes.flow import names
from bot.agents.recipes.scene import NUMPY, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import Change, repeated, repeating, settled, spliced
from bot.agents.recipes.syntax import Function, Statement, block, call, code, find, name_of, subscript, walk

COLUMN_VALUES = '''class _ColumnValues(dict):
    """`frame[column].values` by column, as lists where they are plain arrays; each is made when it is first asked for."""

    def __init__(self, frame):
        super().__init__()
        self._frame = frame

    def __missing__(self, column):
        values = self._frame[column].values
        if type(values) is np.ndarray and values.ndim == 1:
            values = list(values)
        self[column] = values
        return values
'''


@dataclass(frozen=True, slots=True)
class _Pick:
    """`frame[column].values[at]`."""

    frame: str
    column: cst.BaseExpression
    at: cst.BaseExpression
    node: cst.CSTNode


@dataclass(slots=True)
class _Plan:
    above: dict[cst.CSTNode, list[Statement]] = field(default_factory=dict)
    changes: dict[cst.CSTNode, Change] = field(default_factory=dict)
    named: dict[tuple[cst.CSTNode, str], str] = field(default_factory=dict)


def rewrite(scene: Scene) -> Fit:
    plan, refused = _Plan(), ""
    for statement in repeating(scene.function):
        for pick in _picks(statement, scene.function):
            if settled(pick.frame, statement, scene, apart_from=lambda each: _pick(each) is not None):
                _replace(pick, statement, scene, plan)
            else:
                refused = pick.frame
    if not plan.changes:
        raise Misfit(
            f"`{refused}` may change" if refused else "nothing that repeats picks single items of `frame[column].values`"
        )
    companion = COLUMN_VALUES.replace("np.", f"{scene.spelled(NUMPY)}.")
    note = "single items of `.values` picked again and again"
    return Fit(spliced(scene.function, plan.above, plan.changes), (NUMPY,), (companion,), note)


def _picks(statement: Statement, function: Function) -> list[_Pick]:
    found = [pick for node in repeated(statement) if (pick := _pick(node)) is not None]
    return [pick for pick in found if _is_position(pick.at, function)]


def _pick(node: cst.CSTNode) -> _Pick | None:
    match subscript(node):
        case cst.Attribute(value=column, attr=cst.Name("values")), at:
            match subscript(column):
                case cst.Name(value=frame), cst.Name() | cst.SimpleString() as label:
                    return _Pick(frame, label, at, node)
    return None


def _is_position(at: cst.BaseExpression, function: Function) -> bool:
    """One whole number: what `range` or `enumerate` counts, give or take a number."""
    match at:
        case cst.Integer():
            return True
        case cst.UnaryOperation(operator=cst.Minus(), expression=inner):
            return _is_position(inner, function)
        case cst.BinaryOperation(left=left, operator=cst.Add() | cst.Subtract(), right=right):
            return _is_position(left, function) and _is_position(right, function)
        case cst.Name(value=name):
            return _only_counts(name, function)
    return False


def _only_counts(name: str, function: Function) -> bool:
    loops = [each for each in walk(function.body) if isinstance(each, cst.For | cst.CompFor)]
    binding = [each for each in loops if name in names(each.target)]
    lines = [each for each in walk(function.body) if isinstance(each, cst.AssignTarget | cst.AugAssign | cst.NamedExpr)]
    elsewhere = any(name in names(line.target) for line in lines if not isinstance(line.target, cst.Subscript | cst.Attribute))
    given = any(each.name.value == name for each in find(function, cst.Param))
    return bool(binding) and not elsewhere and not given and all(_counts(each, name) for each in binding)


def _counts(loop: cst.For | cst.CompFor, name: str) -> bool:
    if name_of(loop.target) == name:
        return call(loop.iter, "range") is not None
    match loop.target:
        case cst.Tuple(elements=[cst.Element(value=cst.Name(value=first)), _]):
            return first == name and call(loop.iter, "enumerate") is not None
    return False


def _replace(pick: _Pick, statement: Statement, scene: Scene, plan: _Plan) -> None:
    place = (statement, pick.frame)
    if place not in plan.named:
        plan.named[place] = scene.fresh(f"{pick.frame}_values", *plan.named.values())
        lines = block(f"{plan.named[place]} = _ColumnValues({pick.frame})")
        plan.above.setdefault(statement, []).extend(lines)
    text = f"{plan.named[place]}[{code(pick.column)}][{code(pick.at)}]"
    plan.changes[pick.node] = lambda _: cst.parse_expression(text)


RECIPE = Recipe(
    name="column-values",
    title="Make each column's values a list once instead of asking the frame for every item",
    mechanism="`frame[column].values[i]` looks the column up and wraps one item of an array each time; a list made once per"
    " column answers by position.",
    precondition="A loop or comprehension picks single items of `frame[column].values` by positions that `range` or `enumerate`"
    " counts, while nothing changes the frame.",
    rewrite=rewrite,
    aliases=("values", "values-access"),
)
