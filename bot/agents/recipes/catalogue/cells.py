"""Cells that a loop, comparator or key function picks out of a frame one by one, as lists made once per column."""

from dataclasses import dataclass, field

import libcst as cst

from bot.agents.recipes.effects import changed, parameters
from bot.agents.recipes.flow import names, occurrences, stores
from bot.agents.recipes.scene import NUMPY, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import without_arguments
from bot.agents.recipes.syntax import (
    Function,
    Statement,
    assignment,
    block,
    code,
    expr,
    find,
    name_of,
    subscript,
    swap,
    walk,
    with_lead,
)

CELLS = '''class _Cells(dict):
    """Columns of a frame as lists of exactly the scalars that `.iloc` gives; each is made when it is first asked for."""

    def __init__(self, frame, whole_rows=False):
        super().__init__()
        self._frame = frame
        self._whole_rows = whole_rows

    def __missing__(self, name):
        column = self._frame[name]
        if column.ndim != 1:
            return column.iloc  # several columns of that name
        # A row holds its cells as one dtype: an integer beside a float is a float there.
        shared = self._frame.iloc[:0].to_numpy().dtype if self._whole_rows else column.dtype
        if isinstance(shared, np.dtype) and shared.kind in "biufc":
            cells = list(column.to_numpy(dtype=shared))
        elif hasattr(column.array, "categories"):
            cells = [column.array[i] for i in range(len(column))]  # going through it would give other types
        else:
            cells = list(column.array)
        self[name] = cells
        return cells
'''

_REPEATING = (cst.For, cst.While, cst.Lambda, cst.FunctionDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell picked by position: `frame[column].iloc[at]`, or `frame.iloc[at][column]` (by way of a whole row)."""

    frame: str
    column: cst.BaseExpression
    at: cst.BaseExpression
    whole_rows: bool


@dataclass(slots=True)
class _Plan:
    """Which frames get a companion of cells, and what it is called."""

    scene: Scene
    named: dict[tuple[str, bool], str] = field(default_factory=dict)
    companions: list[str] = field(default_factory=list)

    def cells(self, frame: str, whole_rows: bool) -> str:
        if (frame, whole_rows) not in self.named:
            stem = f"{frame}_rows" if whole_rows else f"{frame}_cells"
            self.named[frame, whole_rows] = self.scene.fresh(stem, *self.named.values())
        return self.named[frame, whole_rows]


def rewrite(scene: Scene) -> Fit:
    if scene.name.rpartition(".")[2].startswith("_Cells"):
        raise Misfit("this is the companion itself")
    function = _rows_opened(scene.function)
    frames = _frames(function, scene)
    plan = _Plan(scene)
    fitting = [frame for frame in frames if _settled(frame, function, scene) is not None]
    if not fitting:
        raise Misfit(_why_not(frames))
    for frame in fitting:
        function = _with_cells(frame, function, plan)
    numpy = scene.spelled(NUMPY)
    companions = (CELLS.replace("np.", f"{numpy}."), *plan.companions)
    return Fit(function, (NUMPY,), companions, f"single cells of {', '.join(f'`{each}`' for each in fitting)} picked in a loop")


def _why_not(frames: list[str]) -> str:
    if not frames:
        return "no loop picks single cells of a frame by position"
    return f"`{frames[0]}` is changed where its cells are read"


def _cell(node: cst.CSTNode) -> _Cell | None:
    """Read `frame[column].iloc[at]`, `.iat[at]` or `frame.iloc[at][column]`."""
    match subscript(node):
        case cst.Attribute(value=picked, attr=cst.Name("iloc" | "iat")), at if _scalar(at):
            match subscript(picked):
                case cst.Name(value=frame), column if _column(column):
                    return _Cell(frame, column, at, whole_rows=False)
        case row, column if _column(column):
            match subscript(row):
                case cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("iloc")), at if _scalar(at):
                    return _Cell(frame, column, at, whole_rows=True)
    return None


def _scalar(at: cst.BaseExpression) -> bool:
    """A position, as far as one can see: no list, mask, tuple or slice."""
    return isinstance(at, cst.Name | cst.Integer | cst.BinaryOperation | cst.UnaryOperation | cst.Subscript | cst.Call)


def _column(column: cst.BaseExpression) -> bool:
    """A column's label, as far as one can see: not a list of labels, a mask or a position."""
    return isinstance(column, cst.Name | cst.SimpleString | cst.FormattedString | cst.Attribute | cst.Subscript)


def _frames(function: Function, scene: Scene) -> list[str]:
    """Variables whose cells are picked one by one in something that repeats, here or in a function that gets them."""
    found: dict[str, None] = {}
    many: set[str] = set()
    collections = _collections(function)
    for repeating in (each for kind in _REPEATING for each in find(function.body, kind)):
        for node in walk(repeating):
            if (cell := _cell(node)) is not None:
                found[cell.frame] = None
                many |= {cell.frame} if names(cell.at) & collections else set()
            elif isinstance(node, cst.Call):
                found |= dict.fromkeys(_handed_on(node, scene))
    return [each for each in found if each not in many]


def _collections(function: Function) -> set[str]:
    """Variables that may hold several positions at once: then `.iloc` gives no single cell."""
    found = {
        each.name.value for each in function.params.params if "int" not in (code(each.annotation) if each.annotation else "")
    }
    for line in find(function.body, cst.SimpleStatementLine):
        match assignment(line):
            case (name, cst.List() | cst.ListComp() | cst.Tuple() | cst.Set() | cst.Comparison()):
                found.add(name)
            case (name, cst.Call(func=func)) if code(func) not in ("len", "int", "min", "max", "abs", "round"):
                found.add(name)
    return found


def _handed_on(call: cst.Call, scene: Scene) -> list[str]:
    """Arguments whose cells, and nothing else of them, the called function of this module uses."""
    helper = scene.functions.get(name_of(call.func) or "")
    if helper is None or any(arg.keyword is not None or arg.star for arg in call.args):
        return []
    pairs = zip(parameters(helper), call.args, strict=False)
    return [name for parameter, arg in pairs if (name := name_of(arg.value)) is not None and _only_cells(parameter, helper)]


def _only_cells(parameter: str, helper: Function) -> bool:
    opened = _rows_opened(helper)
    cells = [cell for node in walk(opened.body) if (cell := _cell(node)) is not None and cell.frame == parameter]
    plain_cells = [cell for cell in cells if not cell.whole_rows]
    kinds_agree = len(plain_cells) in (0, len(cells))
    return bool(cells) and kinds_agree and occurrences(opened.body, parameter) == len(cells)


def _settled(frame: str, function: Function, scene: Scene) -> int | None:
    """The first statement of the body from which on cells of the frame are read while nothing changes the frame any more."""
    reading = [i for i, each in enumerate(function.body.body) if _reads_cells(each, frame, scene)]
    if not reading:
        return None
    between = [each for each in function.body.body[reading[0] : reading[-1] + 1] if isinstance(each, Statement)]
    if any(frame in changed(_without_cells_given(each), scene) for each in between):
        return None
    known = frame in parameters(function) or any(frame in stores(each) for each in function.body.body[: reading[0]])
    return reading[0] if known else None


def _without_cells_given(statement: Statement) -> Statement:
    """Whoever gets a cell as an argument has not got the frame."""
    return without_arguments(statement, lambda each: _cell(each) is not None)


def _reads_cells(statement: cst.CSTNode, frame: str, scene: Scene) -> bool:
    inside = [node for kind in _REPEATING for each in find(statement, kind) for node in walk(each)]
    cells = any((cell := _cell(node)) is not None and cell.frame == frame for node in inside)
    return cells or any(isinstance(node, cst.Call) and frame in _handed_on(node, scene) for node in inside)


def _with_cells(frame: str, function: Function, plan: _Plan) -> Function:
    start = _settled(frame, function, plan.scene)
    assert start is not None
    before, after = function.body.body[:start], function.body.body[start:]
    replaced = [_replaced(each, frame, plan) for each in after]
    made = [
        f"{name} = _Cells({of}{', whole_rows=True' if rows else ''})" for (of, rows), name in plan.named.items() if of == frame
    ]
    first = with_lead([*block("\n".join(made)), replaced[0].with_changes(leading_lines=[])], replaced[0])
    return function.with_changes(body=function.body.with_changes(body=[*before, *first, *replaced[1:]]))


def _replaced(statement: cst.CSTNode, frame: str, plan: _Plan) -> Statement:
    changed_statement = statement.visit(_InLoops(frame, plan))
    assert isinstance(changed_statement, Statement)
    return changed_statement


class _InLoops(cst.CSTTransformer):
    """Replaces cells where they are read again and again."""

    def __init__(self, frame: str, plan: _Plan) -> None:
        super().__init__()
        self.frame = frame
        self.plan = plan
        self.depth = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        self.depth += isinstance(node, _REPEATING)
        return True

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        repeated = self.depth > 0
        self.depth -= isinstance(original, _REPEATING)
        if not repeated:
            return updated
        cell = _cell(updated)
        if cell is not None and cell.frame == self.frame:
            return _picked(self.plan.cells(self.frame, cell.whole_rows), cell)
        if isinstance(updated, cst.Call) and self.frame in _handed_on(updated, self.plan.scene):
            return _call_on_cells(updated, self.frame, self.plan)
        return updated


def _picked(cells: str, cell: _Cell) -> cst.BaseExpression:
    return expr(f"{cells}[{code(cell.column)}][{code(cell.at)}]")


def _call_on_cells(call: cst.Call, frame: str, plan: _Plan) -> cst.Call:
    """The call of a twin of the helper that takes the cells instead of the frame."""
    name = name_of(call.func) or ""
    helper = plan.scene.functions[name]
    index = next(i for i, arg in enumerate(call.args) if name_of(arg.value) == frame)
    twin, whole_rows = _twin(helper, parameters(helper)[index])
    if twin not in plan.companions:
        plan.companions.append(twin)
    cells = cst.Name(plan.cells(frame, whole_rows))
    args = [arg.with_changes(value=cells) if i == index else arg for i, arg in enumerate(call.args)]
    return call.with_changes(func=cst.Name(f"{name}_on_cells"), args=args)


def _twin(helper: Function, parameter: str) -> tuple[str, bool]:
    """The helper working on cells, as source, and whether its cells are those of whole rows."""
    kinds: list[bool] = []

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        cell = _cell(node)
        if cell is None or cell.frame != parameter:
            return None
        kinds.append(cell.whole_rows)
        return _picked(parameter, cell)

    body = swap(_rows_opened(helper), change)
    given = [each.with_changes(annotation=None) if each.name.value == parameter else each for each in body.params.params]
    named = body.with_changes(
        name=cst.Name(f"{helper.name.value}_on_cells"), params=body.params.with_changes(params=given), leading_lines=[]
    )
    return code(named), kinds[0]


def _rows_opened(function: Function) -> Function:
    """`row = frame.iloc[i]` and later `row[column]`, written as `frame.iloc[i][column]` where that means the same."""
    for line in find(function, cst.SimpleStatementLine):
        match assignment(line):
            case name, value if (place := subscript(value)) is not None and _is_row(place[0]) and _scalar(place[1]):
                function = _row_opened(function, line, name, value)
    return function


def _is_row(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name) and node.attr.value == "iloc"


def _row_opened(function: Function, line: cst.SimpleStatementLine, name: str, row: cst.BaseExpression) -> Function:
    uses = [node for node in walk(function) if (place := subscript(node)) is not None and name_of(place[0]) == name]
    moving = _moving(function)
    steady = all(each.value not in moving for each in find(row, cst.Name))
    if not uses or not steady or occurrences(function, name) != len(uses) + 1:
        return function

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        place = subscript(node)
        return expr(f"{code(row)}[{code(place[1])}]") if place is not None and name_of(place[0]) == name else None

    opened = function.visit(_Drop(line))
    assert isinstance(opened, cst.FunctionDef)
    return swap(opened, change)


def _moving(function: Function) -> set[str]:
    """Variables whose value changes other than by a `for`: there a position may not be read later than it was."""
    lines = [each for each in find(function, cst.SimpleStatementLine) if any(isinstance(one, cst.AugAssign) for one in each.body)]
    again = [name for each in find(function, cst.SimpleStatementLine) for name in stores(each)]
    return {name for each in lines for name in stores(each)} | {name for name in again if again.count(name) > 1}


class _Drop(cst.CSTTransformer):
    def __init__(self, line: cst.CSTNode) -> None:
        super().__init__()
        self.line = line

    def leave_SimpleStatementLine(  # noqa: N802
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.RemovalSentinel:
        return cst.RemoveFromParent() if original_node is self.line else updated_node


RECIPE = Recipe(
    name="cells",
    title="Read columns as lists instead of picking cells through pandas",
    mechanism="Each `frame[column].iloc[i]` builds pandas objects to fetch one value; a list made once per column"
    " answers by position.",
    precondition="A loop, comparator or key function picks single cells by position from a frame that nothing changes meanwhile.",
    rewrite=rewrite,
    aliases=("iloc", "iat", "cell-access", "column-arrays", "columns"),
)
