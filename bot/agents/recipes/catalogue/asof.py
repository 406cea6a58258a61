"""A scan for the latest item not after a moment (or the first not before it), as a binary search."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import libcst as cst

from bot.agents.recipes.flow import names
from bot.agents.recipes.guards import Comparison, comparison
from bot.agents.recipes.nesting import Nest, bare, nests, rebuilt, sorted_by, target_text
from bot.agents.recipes.scene import Fit, Import, Misfit, Recipe, Scene
from bot.agents.recipes.syntax import Statement, assignment, block, code, expr, name_of, same, swap
from bot.agents.recipes.unfold import unfolded

BISECT = Import("bisect")
TIMELINE = '''class _Timeline:
    """Items in the order of a key, so that those next to a limit are found by binary search; items that tie keep their order."""

    def __init__(self, items, key):
        self.items = sorted((item for item in items if key(item) == key(item)), key=key)
        self.keys = [key(item) for item in self.items]

    def last(self, limit, or_equal):
        """The items with the greatest key below the limit."""
        end = (bisect.bisect_right if or_equal else bisect.bisect_left)(self.keys, limit)
        return self.items[bisect.bisect_left(self.keys, self.keys[end - 1], 0, end) : end] if end else []

    def first(self, limit, or_equal):
        """The items with the smallest key above the limit."""
        start = (bisect.bisect_left if or_equal else bisect.bisect_right)(self.keys, limit)
        if start == len(self.keys):
            return []
        return self.items[start : bisect.bisect_right(self.keys, self.keys[start], start)]
'''
_BUCKET = re.compile(r"(\w+)\.get\((.*), \(\)\)", re.DOTALL)
_BELOW = (cst.LessThan, cst.LessThanEqual)
_OR_EQUAL = (cst.LessThanEqual, cst.GreaterThanEqual)


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for: the items whose `key` is next to `limit`, on one side of it."""

    nest: Nest
    key: cst.BaseExpression
    limit: cst.BaseExpression
    below: bool
    or_equal: bool


def rewrite(scene: Scene) -> Fit:
    try:
        return _rewritten(scene)
    except Misfit:
        inner = unfolded(scene)
        if inner is scene.function:
            raise
        return _rewritten(replace(scene, function=inner))


def _rewritten(scene: Scene) -> Fit:
    reason = "no loop in a loop that looks for the item next to a limit"
    for nest in _all_nests(scene):
        for each in nest.guarded.comparisons():
            search = _search(each, nest)
            if search is None:
                continue
            if (obstacle := _obstacle(search, scene)) is None:
                return _searched(search, scene)
            reason = obstacle
    raise Misfit(reason)


def _all_nests(scene: Scene) -> Sequence[Nest]:
    """The inner loops, also those over a bucket that was looked up for this turn of the outer loop."""
    return list(nests(scene, also_lookups=True))


def _search(each: Comparison, nest: Nest) -> _Search | None:
    for one in (each, each.flipped()):
        if nest.of_item(one.left) and nest.steady(one.right) and one.op not in (cst.Equal, cst.NotEqual):
            return _Search(nest, one.left, one.right, one.op in _BELOW, one.op in _OR_EQUAL)
    return None


def _obstacle(search: _Search, scene: Scene) -> str | None:
    """Why only looking at the items next to the limit might end otherwise; None when it can't."""
    kept = _kept(search.nest)
    if kept is None:
        return "the inner loop does more than to remember one item"
    others = [
        each for each in map(search.nest.guarded.spelled_out, search.nest.guarded.conditions) if not _is_limit(each, search)
    ]
    better = [each for each in others if _is_better(each, search, kept)]
    others = [each for each in others if each not in better and not _is_bucket_key(each, search.nest, scene)]
    if not all(_is_tolerance(each, search) for each in others):
        return "the inner loop has another condition than the limit"
    if not better and not (sorted_by(search.nest, search.key, scene) and search.below):
        return "nothing says that the items come in order"
    if search.nest.guarded.breaks and not sorted_by(search.nest, search.key, scene):
        return "the inner loop stops early, and nothing says that the items come in order"
    return None


def _kept(nest: Nest) -> dict[str, cst.BaseExpression] | None:
    """What the loop remembers of an item, by variable; None when it does anything else."""
    pairs = [assignment(each) for each in nest.guarded.effects]
    if not pairs or any(pair is None for pair in pairs):
        return None
    kept = {name: nest.guarded.spelled_out(value) for name, value in (pair for pair in pairs if pair)}
    inside = (nest.moving | set(kept)) - nest.item
    return None if any(names(value) & inside for value in kept.values()) else kept


def _is_limit(condition: cst.BaseExpression, search: _Search) -> bool:
    found = comparison(condition)
    if found is None:
        return False
    sides = ((found.left, found.right), (found.right, found.left))
    return any(same(key, search.key) and same(limit, search.limit) for key, limit in sides)


def _is_bucket_key(condition: cst.BaseExpression, nest: Nest, scene: Scene) -> bool:
    """`key == wanted`, where the loop goes through the bucket of `wanted` and the buckets were made by that key."""
    found, bucket = comparison(condition), _BUCKET.fullmatch(code(nest.inner.iter))
    if found is None or bucket is None or found.op is not cst.Equal:
        return False
    sides = {code(found.left), code(found.right)}
    made = re.search(rf"\b{bucket[1]}\.setdefault\((.*), \[\]\)\.append\(", code(scene.function))
    return made is not None and sides == {bucket[2], made[1]}


def _is_tolerance(condition: cst.BaseExpression, search: _Search) -> bool:
    """`limit - key <= tolerance`: holds for the nearest item if it holds for any."""
    found = comparison(condition)
    near, far = (search.limit, search.key) if search.below else (search.key, search.limit)
    distance = f"{code(near)}-{code(far)}".replace(" ", "")
    if found is None or found.op not in _BELOW or not search.nest.steady(found.right):
        return False
    return code(found.left).replace(" ", "").strip("()") == distance.strip("()")


def _is_better(condition: cst.BaseExpression, search: _Search, kept: dict[str, cst.BaseExpression]) -> bool:
    """`best is None or key > best_key`, in its many spellings."""
    if isinstance(condition, cst.BooleanOperation) and isinstance(condition.operator, cst.Or):
        none, rest = condition.left, condition.right
        return bool(names(none) & set(kept)) and not names(none) & search.nest.item and _is_better(rest, search, kept)
    found = comparison(condition)
    if found is None:
        return False
    return any(_is_beyond_kept(one, search, kept) for one in (found, found.flipped()))


def _is_beyond_kept(one: Comparison, search: _Search, kept: dict[str, cst.BaseExpression]) -> bool:
    beyond = (cst.GreaterThan, cst.GreaterThanEqual) if search.below else (cst.LessThan, cst.LessThanEqual)
    return one.op in beyond and same(one.left, search.key) and code(one.right) in _kept_keys(search, kept)


def _kept_keys(search: _Search, kept: dict[str, cst.BaseExpression]) -> set[str]:
    """How the key of the remembered item can be written."""
    found = {name for name, value in kept.items() if same(value, search.key)}
    for name, value in kept.items():
        item = name_of(value)
        if item in search.nest.item:
            found.add(code(swap(search.key, lambda each: expr(name) if name_of(each) == item else None)))  # noqa: B023
    return found


def _searched(search: _Search, scene: Scene) -> Fit:
    nest, source = search.nest, code(search.nest.inner.iter)
    name = scene.fresh(f"{bare(nest.inner.iter)}_in_order")
    key = f"lambda {_parameter(nest, scene)}: {code(_key_of_parameter(search, scene))}"
    way = "last" if search.below else "first"
    look = f"{way}({code(search.limit)}, or_equal={search.or_equal})"
    bucket = _BUCKET.fullmatch(source)
    if bucket is None:
        above, found = f"{name} = _Timeline({source}, {key})", f"{name}.{look}"
    else:
        above = f"{name} = {{group: _Timeline(items, {key}) for group, items in {bucket[1]}.items()}}"
        found = f"{name}.get({bucket[2]}, _Timeline((), None)).{look}"
    function = rebuilt(scene.function, nest, _statements(above), expr(found))
    companion = TIMELINE.replace("bisect.", f"{scene.spelled(BISECT)}.")
    return Fit(function, (BISECT,), (companion,), f"a scan for the item next to `{code(search.limit)}`")


def _statements(text: str) -> list[Statement]:
    return block(text)


def _parameter(nest: Nest, scene: Scene) -> str:
    return target_text(nest.inner) if isinstance(nest.inner.target, cst.Name) else scene.fresh("each")


def _key_of_parameter(search: _Search, scene: Scene) -> cst.BaseExpression:
    """The key as an expression of one parameter: `for time, price in quotes` reads `each[0]`."""
    match search.nest.inner.target:
        case cst.Tuple(elements=elements):
            places = {name_of(each.value): place for place, each in enumerate(elements)}
            each_name = scene.fresh("each")

            def change(node: cst.CSTNode) -> cst.BaseExpression | None:
                place = places.get(name_of(node)) if isinstance(node, cst.Name) else None
                return expr(f"{each_name}[{place}]") if place is not None else None

            return swap(search.key, change)
    return search.key


RECIPE = Recipe(
    name="asof",
    title="Find as-of matches by binary search",
    mechanism="Items are sorted by their key once; the one next to a limit is then found by binary search instead"
    " of by a scan of all.",
    precondition="An inner loop does nothing but remember the item with the greatest key not above a limit (or the"
    " smallest not below), and says so itself or goes through sorted items.",
    rewrite=rewrite,
    aliases=("bisect", "searchsorted", "binary-search", "merge-asof"),
)
