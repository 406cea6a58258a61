"""A frame, array or list that a loop makes anew, one piece longer each time, collected and put together once."""

from dataclasses import dataclass

import libcst as cst

from bot.agents.recipes.flow import names, occurrences, suspends
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Loop, Statement, assignment, block, code, each_block, find, walk, with_lead

_JOINERS = ("pandas.concat", "numpy.concatenate", "numpy.vstack", "numpy.hstack")


@dataclass(frozen=True, slots=True)
class _Growth:
    """`name = join([name, piece], options)`, as the piece and the joining of all of them."""

    name: str
    piece: str
    joined: str  # with `{pieces}` for all pieces


def rewrite(scene: Scene) -> Fit:
    notes: list[str] = []

    def change(statements: list[Statement]) -> list[Statement] | None:
        made: list[Statement] = []
        for statement in statements:
            made += _collected(statement, made, scene, notes) or [statement]
        return made

    function = each_block(scene.function, change)
    if not notes:
        raise Misfit("nothing is made anew one piece longer in each turn of a loop")
    return Fit(function, note="; ".join(notes))


def _collected(statement: Statement, before: list[Statement], scene: Scene, notes: list[str]) -> list[Statement] | None:
    if (
        not isinstance(statement, Loop)
        or suspends(statement)
        or any(isinstance(each, cst.Return | cst.Try) for each in walk(statement))
    ):
        return None
    for line in find(statement, cst.SimpleStatementLine):
        pair = assignment(line)
        if pair and _is_list_growth(*pair, before, statement):
            notes.append(f"the list `{pair[0]}` copied for each item added")
            return _appending(statement, line, pair[0], pair[1])
        growth = _growth(*pair, scene) if pair else None
        if (
            growth
            and occurrences(statement, growth.name) == 2
            and any(growth.name == (assignment(each) or ("",))[0] for each in before)
        ):
            notes.append(f"`{growth.name}` copied for each piece added")
            return _joined_once(statement, line, growth, scene)
    return None


def _growth(name: str, value: cst.BaseExpression, scene: Scene) -> _Growth | None:
    match value:
        case cst.Call(
            func=func, args=[cst.Arg(value=cst.List(elements=[cst.Element(cst.Name(value=first)), cst.Element(piece)])), *options]
        ):
            if first == name and scene.means(func, *_JOINERS) and name not in names(piece) and _are_harmless(options):
                more = "".join(f", {code(each).rstrip(', ')}" for each in options)
                return _Growth(name, code(piece), f"{code(func)}([{name}, *{{pieces}}]{more})")
        case cst.Call(func=func, args=[cst.Arg(value=cst.Name(value=first)), cst.Arg(value=piece, keyword=None)]):
            if first == name and scene.means(func, "numpy.append") and name not in names(piece):
                join = code(func).removesuffix("append")
                ravelled = f"*({join}ravel(piece) for piece in {{pieces}})"
                return _Growth(name, code(piece), f"{join}concatenate([{join}ravel({name}), {ravelled}])")
    return None


def _are_harmless(options: list[cst.Arg]) -> bool:
    return all(each.keyword is not None and each.keyword.value in ("ignore_index", "axis", "sort") for each in options)


def _joined_once(loop: Loop, line: cst.CSTNode, growth: _Growth, scene: Scene) -> list[Statement]:
    pieces = scene.fresh(f"{growth.name}_pieces")
    append = block(f"{pieces}.append({growth.piece})")[0]
    collecting = loop.deep_replace(line, with_lead([append], line)[0])
    assert isinstance(collecting, Statement)
    after = block(f"if {pieces}:\n    {growth.name} = {growth.joined.format(pieces=pieces)}\n")
    return with_lead([*block(f"{pieces} = []"), collecting.with_changes(leading_lines=[]), *after], loop)


def _is_list_growth(name: str, value: cst.BaseExpression, before: list[Statement], loop: Loop) -> bool:
    """`items = items + [item]`, where the list was made empty right above and nobody else has it."""
    match value:
        case cst.BinaryOperation(left=cst.Name(value=first), operator=cst.Add(), right=cst.List(elements=[_, *_])) if (
            first == name
        ):
            started = any(pair[0] == name and code(pair[1]) in ("[]", "list()") for each in before if (pair := assignment(each)))
            return started and occurrences(loop, name) == 2
    return False


def _appending(loop: Loop, line: cst.CSTNode, name: str, value: cst.BaseExpression) -> list[Statement]:
    assert isinstance(value, cst.BinaryOperation) and isinstance(value.right, cst.List)
    items = value.right.elements
    single = len(items) == 1 and isinstance(items[0], cst.Element)
    grow = f"{name}.append({code(items[0].value)})" if single else f"{name}.extend({code(value.right)})"
    replaced = loop.deep_replace(line, with_lead(block(grow), line)[0])
    assert isinstance(replaced, Statement)
    return [replaced]


RECIPE = Recipe(
    name="collect",
    title="Collect pieces and put them together once",
    mechanism="Making a frame, array or list anew for every piece copies all earlier pieces again; collecting them"
    " first copies each once.",
    precondition="A loop does `whole = concat([whole, piece])`, `np.append(whole, piece)` or `items = items + [item]`"
    " and does not look at the whole meanwhile.",
    rewrite=rewrite,
    aliases=("concat", "append-in-loop", "growing-frame"),
)
