"""`for index, row in frame.iterrows()` whose rows are only looked into, as plain dicts of the same values."""

from dataclasses import replace

import libcst as cst

from bot.agents.recipes.effects import changed, parameters
from bot.agents.recipes.flow import occurrences, suspends
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Function, code, find, loops_in, name_of, subscript, text_of, walk

ROWS = '''def _rows_of(frame):
    """Index and cells by column of each row; as in `iterrows`, the cells of a row share one dtype."""
    names, table = list(frame.columns), frame.to_numpy()
    if table.dtype.kind in "mM" or not frame.columns.is_unique:
        yield from frame.iterrows()
        return
    for index, cells in zip(frame.index, table):
        yield index, dict(zip(names, cells))
'''


def rewrite(scene: Scene) -> Fit:
    reason = "no loop over `iterrows()`"
    for loop in loops_in(scene.function.body):
        frame = _frame(loop)
        if frame is None:
            continue
        reason = f"rows of `{code(frame)}` are used as more than look-ups by column"
        if _fits(loop, scene):
            function = scene.function.with_deep_changes(loop, iter=cst.Call(cst.Name("_rows_of"), [cst.Arg(frame)]))
            return _all(function, scene, f"rows of `{code(frame)}` made into series only to be looked into")
    raise Misfit(reason)


def _all(function: Function, scene: Scene, note: str) -> Fit:
    """The other loops of the function, too."""
    try:
        return Fit(rewrite(replace(scene, function=function)).function, (), (ROWS,), note)
    except Misfit:
        return Fit(function, (), (ROWS,), note)


def _frame(loop: cst.For | cst.CompFor) -> cst.BaseExpression | None:
    match loop.iter:
        case cst.Call(func=cst.Attribute(value=frame, attr=cst.Name("iterrows")), args=[]):
            return frame
    return None


def _fits(loop: cst.For | cst.CompFor, scene: Scene) -> bool:
    match loop.target:
        case cst.Tuple(elements=[_, cst.Element(value=cst.Name(value=row))]):
            frame = _frame(loop)
            steady = (
                frame is None
                or name_of(frame) is None
                or isinstance(loop, cst.CompFor)
                or name_of(frame) not in changed(loop, scene)
            )
            return steady and not suspends(scene.function) and _only_looked_into(row, scene.function, scene)
    return False


def _only_looked_into(row: str, function: Function, scene: Scene, depth: int = 2) -> bool:
    """Each mention of the row is a target of such loops, `row[column]`, or an argument of a function that does the same."""
    targets = sum(_binds(each, row) for each in loops_in(function))
    looks = sum(_looks_into(node, row) for node in walk(function.body))
    handed = sum(_handed(node, row, scene, depth) for node in find(function.body, cst.Call)) if depth else 0
    return looks + handed > 0 and looks + handed + targets == occurrences(function.body, row)


def _binds(loop: cst.For | cst.CompFor, row: str) -> bool:
    match loop.target:
        case cst.Tuple(elements=[_, cst.Element(value=cst.Name(value=name))]):
            return name == row and _frame(loop) is not None
    return False


def _looks_into(node: cst.CSTNode, row: str) -> bool:
    """`row["column"]` or `row[column]`, read; a number or a list as index means something else to a series."""
    place = subscript(node)
    if place is None or name_of(place[0]) != row:
        return False
    return text_of(place[1]) is not None or isinstance(place[1], cst.Name | cst.FormattedString | cst.BinaryOperation)


def _handed(call: cst.Call, row: str, scene: Scene, depth: int) -> int:
    helper = scene.functions.get(name_of(call.func) or "")
    mine = [i for i, arg in enumerate(call.args) if name_of(arg.value) == row]
    if helper is None or not mine or any(arg.star or arg.keyword for arg in call.args):
        return 0
    names = parameters(helper)
    return sum(i < len(names) and _is_reader(names[i], helper, scene, depth - 1) for i in mine)


def _is_reader(parameter: str, helper: Function, scene: Scene, depth: int) -> bool:
    return parameter not in changed(helper.body, scene) and _only_looked_into(parameter, helper, scene, depth)


RECIPE = Recipe(
    name="rows",
    title="Go through rows as dicts instead of as series",
    mechanism="`iterrows` builds a pandas series for every row, and every `row[column]` looks its label up in an"
    " index; dicts cost a fraction.",
    precondition="A loop over `iterrows()` only reads `row[column]`, itself or in functions of the same file, and"
    " does not change the frame.",
    rewrite=rewrite,
    aliases=("iterrows", "itertuples", "records"),
)
