"""`frame.apply(function, axis=1)` that computes a plain value from a few columns, as a comprehension over these columns."""

from dataclasses import replace

import libcst as cst

from bot.agents.recipes.effects import parameters
from bot.agents.recipes.flow import is_pure, names, occurrences
from bot.agents.recipes.inline import inlined
from bot.agents.recipes.scene import NUMPY, PANDAS, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import code, expr, find, name_of, subscript, swap, text_of, walk

ROW_CELLS = '''def _row_cells(frame, *names):
    """The cells of these columns row by row, as the scalars that a row of the frame holds: its cells share one dtype."""
    shared = frame.iloc[:0].to_numpy().dtype
    if shared.kind in "biufc":
        return zip(*(list(frame[name].to_numpy(dtype=shared)) for name in names))
    columns = [frame[name] for name in names]
    plain = [isinstance(each.dtype, np.dtype) and each.dtype.kind in "biufc" for each in columns]
    return zip(*(list(each.to_numpy() if simple else each.array) for each, simple in zip(columns, plain)))
'''


def rewrite(scene: Scene) -> Fit:
    reason = "no `apply(..., axis=1)`"
    done = [each.orelse for each in find(scene.function.body, cst.IfExp) if "_row_cells(" in code(each.body)]
    for call in find(scene.function.body, cst.Call):
        if not _is_apply(call) or call in done:
            continue
        body = _body(call, scene)
        reason = "what `apply` calls row by row is more than one plain value computed from columns"
        if body is not None and (value := _value(body[0], body[1], scene)) is not None:
            return _with_the_rest(_fit(call, value, scene), scene)
    raise Misfit(reason)


def _with_the_rest(fit: Fit, scene: Scene) -> Fit:
    """The other calls of the function, too; what was replaced stands guarded by `if len(...)` and is left alone."""
    try:
        more = rewrite(replace(scene, function=fit.function))
    except Misfit:
        return fit
    return replace(fit, function=more.function, note=f"{fit.note}; {more.note}")


def _is_apply(call: cst.Call) -> bool:
    match call:
        case cst.Call(
            func=cst.Attribute(value=cst.Name(), attr=cst.Name("apply")), args=[_, cst.Arg(keyword=cst.Name("axis"), value=axis)]
        ):
            return code(axis) in ("1", '"columns"', "'columns'")
    return False


def _body(call: cst.Call, scene: Scene) -> tuple[str, cst.BaseExpression] | None:
    """The row's name and what is computed from it, of a lambda or of a small function in this file."""
    match call.args[0].value:
        case cst.Lambda(params=cst.Parameters(params=[cst.Param(name=cst.Name(value=row), default=None)]), body=body):
            opened = swap(body, lambda each: inlined(each, scene) if isinstance(each, cst.Call) else None)
            return row, opened
        case cst.Name(value=function) if function in scene.functions and len(parameters(scene.functions[function])) == 1:
            row = parameters(scene.functions[function])[0]
            whole = inlined(cst.Call(cst.Name(function), [cst.Arg(cst.Name(row))]), scene)
            return (row, whole) if whole is not None else None
    return None


def _value(row: str, body: cst.BaseExpression, scene: Scene) -> tuple[dict[str, str], cst.BaseExpression] | None:
    """Variables by column, and the value in terms of these; None when it is not surely one plain value."""
    looks = [place for node in walk(body) if (place := subscript(node)) is not None and name_of(place[0]) == row]
    columns = dict.fromkeys(label for place in looks if (label := text_of(place[1])) is not None)
    if not columns or len(looks) != occurrences(body, row) or any(text_of(place[1]) is None for place in looks):
        return None
    if not _is_scalar(body, row) or not is_pure(body, dict(scene.imports)):
        return None
    taken: list[str] = []
    for label in columns:
        taken.append(scene.fresh(_identifier(label), *taken, *names(body)))
    named = dict(zip(columns, taken, strict=True))

    def change(node: cst.CSTNode) -> cst.BaseExpression | None:
        place = subscript(node)
        return cst.Name(named[text_of(place[1]) or ""]) if place is not None and name_of(place[0]) == row else None

    return named, swap(body, change)


def _identifier(label: str) -> str:
    word = "".join(each if each.isalnum() else "_" for each in label.lower()).strip("_")
    return (
        word
        if word.isidentifier() and word not in ("in", "is", "if", "for", "or", "and", "not", "from", "class", "lambda")
        else f"cell_{word}".strip("_")
    )


def _is_scalar(node: cst.BaseExpression, row: str) -> bool:
    """Arithmetic, comparisons, choices, text: what `apply` collects into a series as it is."""
    match node:
        case cst.Integer() | cst.Float() | cst.SimpleString() | cst.FormattedString() | cst.Comparison():
            return True
        case cst.BinaryOperation(left=left, right=right):
            return _is_scalar(left, row) or _is_scalar(right, row)
        case cst.UnaryOperation(expression=inner):
            return isinstance(node.operator, cst.Not) or _is_scalar(inner, row)
        case cst.IfExp(body=one, orelse=other):
            return _is_scalar(one, row) and _is_scalar(other, row)
        case cst.Call(func=func):
            return code(func) in ("abs", "round", "float", "int", "str", "bool", "min", "max", "len") or code(func).startswith(
                ("math.", "np.nan")
            )
        case cst.Attribute():
            return code(node) in ("np.nan", "math.nan", "math.inf", "np.inf")
    place = subscript(node)
    return place is not None and name_of(place[0]) == row


def _fit(call: cst.Call, value: tuple[dict[str, str], cst.BaseExpression], scene: Scene) -> Fit:
    named, body = value
    assert isinstance(call.func, cst.Attribute)
    frame, pandas = code(call.func.value), scene.spelled(PANDAS)
    variables = ", ".join(named.values()) + ("," if len(named) == 1 else "")
    labels = ", ".join(
        repr(label).replace("'", '"') if '"' not in label and "\\" not in label else repr(label) for label in named
    )
    made = f"{pandas}.Series([{code(body)} for {variables} in _row_cells({frame}, {labels})], index={frame}.index)"
    whole = expr(f"({made} if len({frame}) else {code(call)})")
    function = scene.function.deep_replace(call, whole)
    assert isinstance(function, cst.FunctionDef)
    companion = ROW_CELLS.replace("np.", f"{scene.spelled(NUMPY)}.")
    return Fit(function, (NUMPY, PANDAS), (companion,), f"`{frame}.apply(..., axis=1)` for one value per row")


RECIPE = Recipe(
    name="apply",
    title="Compute row values from columns instead of with apply(axis=1)",
    mechanism="`apply(axis=1)` builds a series for each row and looks columns up in it; going through the columns"
    " side by side does not.",
    precondition="The function given to `apply(axis=1)` is a lambda or a small function of the file that computes one"
    " plain value from columns named by literals. Empty frames go the old way.",
    rewrite=rewrite,
    aliases=("apply-axis-1", "row-apply"),
)
