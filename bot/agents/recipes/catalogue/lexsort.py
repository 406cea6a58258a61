"""A Python sort of a frame's rows by several columns, as ranks of whole columns and one stable array sort."""

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst

from bot.agents.recipes.effects import changed, parameters
from bot.agents.recipes.flow import occurrences
from bot.agents.recipes.ordering import (
    UNKNOWN,
    Column,
    Columns,
    Interpreter,
    Key,
    Outer,
    Row,
    RowOf,
    Rows,
    Undecided,
    World,
    keys_of,
)
from bot.agents.recipes.scene import NUMPY, PANDAS, Fit, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import (
    assignment,
    block,
    call,
    code,
    dotted,
    expr,
    find,
    keyword,
    name_of,
    plain,
    small,
    subscript,
    text_of,
    walk,
)

ORDER = '''def _stable_order(count, columns):
    """Row positions in the order of these `(column, ascending, missing_last)`, the first counting most; ties stay in place.

    None where a value is missing in a column that has no place for missing values.
    """
    ranks = []
    for column, ascending, missing_last in reversed(columns):
        rank, distinct = pd.factorize(column.to_numpy(), sort=True)
        absent = rank < 0
        if missing_last is None and absent.any():
            return None
        if not ascending:
            rank = len(distinct) - 1 - rank
        rank[absent] = len(distinct) if missing_last else -1
        ranks.append(rank)
    return np.lexsort(ranks).tolist() if ranks else list(range(count))
'''


@dataclass(frozen=True, slots=True)
class _Sort:
    """A sort found in the code: what is sorted, by what, and whether it is a statement `items.sort(...)`."""

    node: cst.Call
    items: cst.BaseExpression
    key: cst.BaseExpression
    backwards: cst.BaseExpression | None
    in_place: bool


@dataclass(frozen=True, slots=True)
class _Items:
    """What the sorted things are: all positions of a frame, its records, or (without a frame) a list of positions."""

    frame: str
    records: bool = False


def rewrite(scene: Scene) -> Fit:
    reason = "no sort of a frame's row positions or records by a comparator or key function"
    for sort in _sorts(scene.function):
        try:
            return _ranked(sort, scene)
        except Undecided as undecided:
            reason = f"the order of `{code(sort.key)[:60]}` is not one we can read: {undecided}"
    raise Misfit(reason)


def _sorts(function: cst.FunctionDef) -> list[_Sort]:
    found = []
    done = [each.orelse for each in find(function, cst.IfExp) if "_stable_order(" in code(each.test)]
    for node in find(function, cst.Call):
        if node in done:
            continue
        key, backwards = keyword(node, "key"), keyword(node, "reverse")
        if key is None:
            continue
        match node:
            case cst.Call(func=cst.Name("sorted"), args=[cst.Arg(value=items, keyword=None), *_]):
                found.append(_Sort(node, items, key, backwards, in_place=False))
            case cst.Call(func=cst.Attribute(value=cst.Name() as items, attr=cst.Name("sort"))):
                found.append(_Sort(node, items, key, backwards, in_place=True))
    return found


def _ranked(sort: _Sort, scene: Scene) -> Fit:
    values = _assigned(scene.function)
    items = _items(sort.items, values, scene) or (_Items("") if isinstance(sort.items, cst.Name) else None)
    if items is None:
        raise Undecided(f"`{code(sort.items)}` is neither positions nor the records of a frame")
    keys, loop = _order(sort, items, values, scene)
    frame = keys[0].frame
    if not frame or (frame in changed(scene.function.body, scene) and frame not in values):
        raise Undecided(f"`{frame}` is changed in the function")
    order = _order_text(keys, loop, sort, items)
    function = scene.function.visit(_Put(sort, _replacement(sort, items, order, keys, scene)))
    assert isinstance(function, cst.FunctionDef)
    function = _without_dead(function, sort.key)
    numpy, pandas = scene.spelled(NUMPY), scene.spelled(PANDAS)
    companion = ORDER.replace("np.", f"{numpy}.").replace("pd.", f"{pandas}.")
    return Fit(function, (NUMPY, PANDAS), (companion,), f"rows of `{frame}` sorted by calling Python for every comparison or key")


def _assigned(function: cst.FunctionDef) -> dict[str, cst.BaseExpression]:
    """Names of the function that are assigned exactly once, with what they stand for."""
    found: dict[str, list[cst.BaseExpression]] = {}
    for line in find(function, cst.SimpleStatementLine):
        if (pair := assignment(line)) is not None:
            found.setdefault(pair[0], []).append(pair[1])
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _items(node: cst.BaseExpression, values: Mapping[str, cst.BaseExpression], scene: Scene, depth: int = 0) -> _Items | None:
    """Read `range(len(frame))` in its many spellings, and the records of a frame."""
    if depth > 4:
        return None
    if (inner := call(node, "list", "range", "len", "iter")) is not None and len(inner) == 1:
        return _items(inner[0], values, scene, depth + 1) or _lengthy(inner[0], dotted(getattr(node, "func", None)), scene)
    match node:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("to_dict")), args=[arg]):
            return _Items(frame, records=True) if text_of(arg.value) == "records" else None
        case cst.Call(func=func, args=[cst.Arg(value=size, keyword=None)]) if scene.means(func, "numpy.arange"):
            return _items(size, values, scene, depth + 1)
        case cst.Name(value=name) if name in values:
            return _items(values[name], values, scene, depth + 1)
    return _shape(node)


def _lengthy(node: cst.BaseExpression, function: str | None, scene: Scene) -> _Items | None:
    """`len(frame)`, where the name is one that is used as a frame."""
    frame = name_of(node) or (name_of(node.value) if isinstance(node, cst.Attribute) and node.attr.value == "index" else None)
    if place := subscript(node):
        frame = name_of(place[0])
    return _Items(frame) if frame and function == "len" and frame in _looks_like_frames(scene) else None


def _shape(node: cst.BaseExpression) -> _Items | None:
    match subscript(node):
        case cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("shape")), cst.Integer(value="0"):
            return _Items(frame)
    return None


def _looks_like_frames(scene: Scene) -> set[str]:
    """Variables that are used as only a frame can be, or annotated as one."""
    found = {
        each.name.value
        for each in scene.function.params.params
        if "DataFrame" in (code(each.annotation) if each.annotation else "")
    }
    for node in walk(scene.function):
        match node:
            case cst.Attribute(value=cst.Name(value=name), attr=cst.Name("iloc" | "columns" | "to_dict" | "iterrows" | "take")):
                found.add(name)
            case cst.Attribute(
                value=cst.Subscript(value=cst.Name(value=name)), attr=cst.Name("iloc" | "iat" | "to_numpy" | "values")
            ):
                found.add(name)
    return found


def _order(
    sort: _Sort, items: _Items, values: Mapping[str, cst.BaseExpression], scene: Scene
) -> tuple[tuple[Key, ...], ast.For | None]:
    """The columns that the sort goes by; with the loop over the keys when they come from one."""
    key = sort.key
    two_rows = isinstance(key, cst.Call) and scene.means(key.func, "functools.cmp_to_key") and len(key.args) == 1
    function = _function(key.args[0].value if two_rows and isinstance(key, cst.Call) else key, scene)
    if function is None or len(function.args.args) != (2 if two_rows else 1):
        raise Undecided("its definition is not in this file")
    comparison = _Comparison(function, items, _around(values, items, scene), scene, two_rows, sort.backwards)
    loop = comparison.loop()
    keys = keys_of(comparison.one_turn(loop) if loop else comparison.whole())
    if any(each.frame != (items.frame or keys[0].frame) for each in keys):
        raise Undecided("it reads another frame than the one that is sorted")
    if loop is not None and len(keys) != 1:
        raise Undecided("one key is not one column")
    return keys, loop


def _order_text(keys: Sequence[Key], loop: ast.For | None, sort: _Sort, items: _Items) -> str:
    """The `columns` argument of `_stable_order`."""
    some = "" if items.frame else f".iloc[{code(sort.items)}]"
    entries = [f"({each.frame}[{each.column}]{some}, {each.ascending}, {each.missing_last})" for each in keys]
    if loop is None:
        return f"[{', '.join(entries)}]"
    return f"[{entries[0]} for {ast.unparse(loop.target).strip('()')} in {ast.unparse(loop.iter)}]"


def _function(key: cst.BaseExpression, scene: Scene) -> ast.FunctionDef | None:
    """The comparator or key function, be it nested, in the module, or a lambda."""
    if isinstance(key, cst.Lambda):
        tree = plain(key).body[0]
        assert isinstance(tree, ast.Expr) and isinstance(tree.value, ast.Lambda)
        body: list[ast.stmt] = [ast.Return(tree.value.body)]
        return ast.FunctionDef("key", tree.value.args, body, [], lineno=1, col_offset=0)
    return _functions(scene).get(name_of(key) or "")


def _functions(scene: Scene) -> dict[str, ast.FunctionDef]:
    nested = {each.name.value: each for each in find(scene.function.body, cst.FunctionDef)}
    found = {}
    for name, function in {**scene.functions, **nested}.items():
        tree = plain(function).body[0]
        if isinstance(tree, ast.FunctionDef):
            found[name] = tree
    return found


def _around(values: Mapping[str, cst.BaseExpression], items: _Items, scene: Scene) -> dict[str, Any]:
    """What the names of the function stand for in the comparison."""
    found: dict[str, Any] = {name: Outer(name) for name in (*parameters(scene.function), *values)}
    targets = {each.value for loop in find(scene.function, cst.For) for each in find(loop.target, cst.Name)}
    found |= {name: Outer(name) for name in targets}
    found |= {name: Columns(name) for name in _looks_like_frames(scene) | {items.frame}}
    for name, value in values.items():
        if (kind := _derived(value)) is not None:
            found[name] = kind
    return found


def _derived(value: cst.BaseExpression) -> Any:
    """Records, columns by name, or one column, where that is what a variable holds."""
    match value:
        case cst.Call(func=cst.Attribute(value=cst.Name(value=frame), attr=cst.Name("to_dict")), args=[arg]):
            return {"records": Rows, "list": Columns}.get(text_of(arg.value) or "", lambda _: None)(frame)
        case cst.DictComp(key=cst.Name(value=label), value=inner) if (column := _whole_column(inner)) and column[1] == label:
            return Columns(column[0])
    column = _whole_column(value)
    return Column(*column) if column and column[1].startswith(("'", '"')) else None


def _whole_column(node: cst.BaseExpression) -> tuple[str, str] | None:
    """Frame and label of `frame[label]`, also as an array or list."""
    match node:
        case cst.Call(func=cst.Attribute(value=inner, attr=cst.Name("to_numpy" | "tolist" | "to_list")), args=[]):
            return _whole_column(inner)
        case cst.Call(func=cst.Name("list"), args=[cst.Arg(value=inner)]):
            return _whole_column(inner)
        case cst.Attribute(value=cst.Subscript() as inner, attr=cst.Name("values" | "array")):
            return _whole_column(inner)
    match subscript(node):
        case cst.Name(value=frame), (cst.Name() | cst.SimpleString()) as label:
            text = text_of(label)
            return frame, code(label) if text is None else repr(text)
    return None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A comparator or key function as something that compares two rows in a given world."""

    function: ast.FunctionDef
    items: _Items
    around: Mapping[str, Any]
    scene: Scene
    two_rows: bool
    backwards: cst.BaseExpression | None

    def loop(self) -> ast.For | None:
        """The loop over the keys, when the function is one with nothing but preparations before and a plain end after."""
        body = self._body()
        loops = [each for each in body if isinstance(each, ast.For)]
        if loops:
            return loops[0] if len(loops) == 1 and not loops[0].orelse else None
        return _generator(body[-1]) if body and not self.two_rows else None

    def _body(self) -> Sequence[ast.stmt]:
        return [each for each in self.function.body if not (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))]

    def _interpreter(self, world: World, loop: ast.For | None = None) -> Interpreter:
        targets = [each.id for each in ast.walk(loop.target) if isinstance(each, ast.Name)] if loop else []
        around = {**self.around, **{name: Outer(name) for name in targets}}
        return Interpreter(world, _functions(self.scene), dict(self.scene.imports), around)

    def _rows(self, side: str) -> Any:
        return RowOf(self.items.frame, side) if self.items.records else Row(side)

    def whole(self) -> Callable[[World], int]:
        """Compare by running the whole function: once on both rows, or on each of them."""

        def compare(world: World) -> int:
            run = self._interpreter(world)
            names = [arg.arg for arg in self.function.args.args]
            if self.two_rows:
                return self._turned(
                    run, _number(run.iteration(self._body(), {names[0]: self._rows("L"), names[1]: self._rows("R")}))
                )
            left, right = (run.iteration(self._body(), {names[0]: self._rows(side)}) for side in "LR")
            return self._turned(run, run.lexicographic(left, right))

        return compare

    def _turned(self, run: Interpreter, way: int) -> int:
        """The other way round where the sort has `reverse=True`; items that tie stay in place all the same."""
        if self.backwards is None:
            return way
        wanted = plain(self.backwards).body[0]
        assert isinstance(wanted, ast.Expr)
        return -way if run.truth(wanted.value, {}) else way

    def one_turn(self, loop: ast.For) -> Callable[[World], int]:
        """Compare by one turn of the loop over the keys: what it returns, or what it adds to the key."""
        before, after = self._split(loop)

        def compare(world: World) -> int:
            run = self._interpreter(world, loop)
            if self.two_rows:
                return self._turned(run, self._turn_of_comparator(run, loop, before, after))
            left, right = (self._added(run, loop, before, side) for side in "LR")
            return self._turned(run, run.lexicographic(left, right))

        return compare

    def _split(self, loop: ast.For) -> tuple[Sequence[ast.stmt], Sequence[ast.stmt]]:
        body = self._body()
        place = body.index(loop) if loop in body else len(body) - 1
        return body[:place], body[place + 1 :]

    def _turn_of_comparator(self, run: Interpreter, loop: ast.For, before: Sequence[ast.stmt], after: Sequence[ast.stmt]) -> int:
        names = [arg.arg for arg in self.function.args.args]
        env = {names[0]: self._rows("L"), names[1]: self._rows("R")}
        run.run(before, env)
        if _number(run.iteration(after, dict(env))) != 0:
            raise Undecided("it does not end with 0 for equal rows")
        result = run.iteration(loop.body, env)
        if result is UNKNOWN:
            return 0
        if _number(result) == 0:
            raise Undecided("it stops at a key that does not tell the rows apart")
        return _number(result)

    def _added(self, run: Interpreter, loop: ast.For, before: Sequence[ast.stmt], side: str) -> Any:
        env: dict[str, Any] = {self.function.args.args[0].arg: self._rows(side)}
        run.run(before, env)
        started = {name: value for name, value in env.items() if value == ()}
        if len(started) != 1 and loop in self._body():
            raise Undecided("the key is not one list that grows")
        if run.iteration(loop.body, env) is not UNKNOWN:
            raise Undecided("the key ends early")
        name = next(iter(started), "__key__")
        return env[name] if name in env else UNKNOWN


def _generator(statement: ast.stmt) -> ast.For | None:
    """`return tuple(part for key in keys)`, as the loop that appends the parts."""
    match statement:
        case ast.Return(value=ast.Call(func=ast.Name(id="tuple" | "list"), args=[ast.GeneratorExp() | ast.ListComp() as made])):
            pass
        case ast.Return(value=ast.ListComp() as made):
            pass
        case _:
            return None
    if len(made.generators) != 1 or made.generators[0].ifs:
        return None
    grow = ast.parse("__key__ = (None,)").body[0]
    assert isinstance(grow, ast.Assign)
    grow.value = ast.Tuple([made.elt], ast.Load())
    one = made.generators[0]
    return ast.For(one.target, one.iter, [grow], [], lineno=1, col_offset=0)


def _number(value: Any) -> int:
    if isinstance(value, bool | int):
        return int(value)
    raise Undecided("what it returns is no plain number")


def _replacement(sort: _Sort, items: _Items, order: str, keys: Sequence[Key], scene: Scene) -> cst.BaseExpression:
    """The sorted list, as an expression; the old way where a value is missing that the code has no place for."""
    source = code(sort.items)
    count = f"len({items.frame if items.frame and not items.records else source})"
    found = f"_stable_order({count}, {order})"
    if all(each.missing_last != "None" for each in keys):
        return _picked(sort, items, found, scene)
    name = scene.fresh("ranked")
    arguments = ", ".join(code(arg).rstrip(", ") for arg in sort.node.args if arg.keyword is not None)
    return expr(
        f"({code(_picked(sort, items, name, scene))} if ({name} := {found}) is not None else sorted({source}, {arguments}))"
    )


def _picked(sort: _Sort, items: _Items, order: str, scene: Scene) -> cst.BaseExpression:
    if items.frame and not items.records:
        return expr(order)
    if not isinstance(sort.items, cst.Name):
        raise Undecided("the sorted records have no name")
    at = scene.fresh("position")
    return expr(f"[{code(sort.items)}[{at}] for {at} in {order}]")


class _Put(cst.CSTTransformer):
    """Puts the sorted list where the sort was: `items.sort(...)` becomes `items[:] = ...`."""

    def __init__(self, sort: _Sort, value: cst.BaseExpression) -> None:
        super().__init__()
        self.sort = sort
        self.value = value

    def on_leave(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        if self.sort.in_place and isinstance(original, cst.Expr) and original.value is self.sort.node:
            return small(block(f"{code(self.sort.items)}[:] = {code(self.value)}")[0]) or updated
        return self.value if original is self.sort.node and not self.sort.in_place else updated


def _without_dead(function: cst.FunctionDef, key: cst.BaseExpression) -> cst.FunctionDef:
    """The function without a nested comparator that nobody mentions any more."""
    for name in {each.value for each in find(key, cst.Name)}:
        nested = [each for each in find(function.body, cst.FunctionDef) if each.name.value == name]
        if nested and occurrences(function, name) == 0:
            changed_function = function.deep_remove(nested[0])
            assert isinstance(changed_function, cst.FunctionDef)
            function = changed_function
    return function


RECIPE = Recipe(
    name="lexsort",
    title="Sort rows with numpy.lexsort instead of Python comparisons",
    mechanism="Each column is ranked once as an array, and one stable `numpy.lexsort` orders all rows without calling Python.",
    precondition="Row positions or records of a frame are sorted by a comparator or key function that reads only their cells, with a"
    " fixed place for missing values; its order is found by running it on every way two rows can relate.",
    rewrite=rewrite,
    aliases=("cmp-to-key", "argsort", "sort", "numpy-sort", "array-sort"),
)
