"""Functions and comprehensions that look through all of a list for the items with one key, given just those items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from bot.agents.recipes.effects import changed, parameters
from bot.agents.recipes.flow import PURE_FUNCTIONS, is_pure, names, occurrences, stores, suspends
from bot.agents.recipes.guards import comparison, guarded
from bot.agents.recipes.rekeying import rekeys
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import Change, repeated, repeating, settled, spliced
from bot.agents.recipes.syntax import Function, Statement, assignment, block, body_of, code, find, name_of, walk

BY_KEY = '''class _ByKey:
    """Items in lists by their key, made when first asked for; all the items where a key is no plain value or can't be read."""

    PLAIN = frozenset([str, int, float, bool, bytes, type(None)])

    def __init__(self, items, key):
        self.items = items
        self.key = key
        self.made = False
        self.found = None

    def matching(self, wanted):
        if not self.made:
            self.made, self.found = True, self._found()
        if self.found is None or type(wanted) not in self.PLAIN:
            return self.items
        return self.found.get(wanted, [])

    def _found(self):
        found = {}
        if type(self.items) not in (list, tuple):
            return None
        for item in self.items:
            try:
                key = self.key(item)
            except Exception:  # whatever reading a key may raise, it is raised where the item is looked at, if it is
                return None
            if type(key) not in self.PLAIN:
                return None
            found.setdefault(key, []).append(item)
        return found
'''


@dataclass(frozen=True, slots=True)
class _Scan:
    """Something that goes through all `items`, and does nothing with one whose `key` is not `wanted`."""

    items: str
    item: str
    key: cst.BaseExpression
    wanted: cst.BaseExpression
    code: cst.CSTNode


@dataclass(slots=True)
class _Plan:
    scene: Scene
    above: dict[cst.CSTNode, list[Statement]] = field(default_factory=dict)
    changes: dict[cst.CSTNode, Change] = field(default_factory=dict)
    indexes: dict[tuple[cst.CSTNode, str], str] = field(default_factory=dict)

    def index(self, statement: Statement, items: str, scan: _Scan) -> str:
        """The name of the index of these items, made above the statement."""
        made = f"_ByKey({items}, lambda {scan.item}: {code(scan.key)})"
        if (statement, made) not in self.indexes:
            name = self.scene.fresh(f"{items}_by_key", *self.indexes.values())
            self.indexes[statement, made] = name
            self.above.setdefault(statement, []).extend(block(f"{name} = {made}"))
        return self.indexes[statement, made]


def rewrite(scene: Scene) -> Fit:
    if scene.name.startswith("_ByKey"):
        raise Misfit("this is the companion itself")
    plan = _Plan(scene)
    for statement in repeating(scene.function):
        for node in repeated(statement):
            if isinstance(node, cst.Call):
                _call(node, statement, plan)
            elif isinstance(node, cst.CompFor):
                _clause(node, statement, plan)
    if not plan.changes:
        raise Misfit("nothing that repeats looks through a whole list for the items with an equal key")
    note = "a list looked through again and again for the items with an equal key"
    return Fit(spliced(scene.function, plan.above, plan.changes), companions=(BY_KEY,), note=note)


def _call(node: cst.Call, statement: Statement, plan: _Plan) -> None:
    """A call of a function that scans one of its arguments for the key that another of them gives."""
    helper = plan.scene.functions.get(name_of(node.func) or "")
    if helper is None or helper is plan.scene.function:
        return
    if helper.decorators or name_of(node.func) in {*stores(plan.scene.function.body), *parameters(plan.scene.function)}:
        return
    values = _values(node, helper)
    scan = _scan_of(helper, plan.scene)
    if scan is None or scan.items not in values or name_of(scan.wanted) not in values:
        return
    items, wanted = values[scan.items], values[name_of(scan.wanted) or ""]
    if not isinstance(items, cst.Name) or not _is_place(wanted) or not _untouched(items.value, scan, statement, plan.scene):
        return
    index = plan.index(statement, items.value, scan)
    plan.changes[items] = _matching(index, wanted)


def _values(node: cst.Call, helper: Function) -> dict[str, cst.BaseExpression]:
    """The arguments by parameter; none where a star hides them."""
    named = {arg.keyword.value: arg.value for arg in node.args if arg.keyword is not None}
    given = [arg.value for arg in node.args if arg.keyword is None]
    known = parameters(helper)
    if any(arg.star for arg in node.args) or len(given) > len(known):
        return {}
    return dict(zip(known, given, strict=False)) | named


def _clause(node: cst.CompFor, statement: Statement, plan: _Plan) -> None:
    """A comprehension that scans within something that repeats."""
    scan = _scan_of_clause(node, plan.scene)
    if scan is None or not _is_place(scan.wanted) or not _untouched(scan.items, scan, statement, plan.scene):
        return
    if names(scan.wanted) & changed(statement, plan.scene):  # else it is the same key in each turn
        plan.changes[node.iter] = _matching(plan.index(statement, scan.items, scan), scan.wanted)


def _matching(index: str, wanted: cst.BaseExpression) -> Change:
    return lambda _: cst.parse_expression(f"{index}.matching({code(wanted)})")


def _is_place(node: cst.BaseExpression) -> bool:
    """Something that may be read twice: `name`, `row["key"]`, `row.key`."""
    match node:
        case cst.Name() | cst.SimpleString() | cst.Integer():
            return True
        case cst.Attribute(value=value):
            return _is_place(value)
        case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=index))]):
            return _is_place(value) and _is_place(index)
    return False


def _untouched(items: str, scan: _Scan, statement: Statement, scene: Scene) -> bool:
    """Whether list and keys stay the same while the statement runs."""
    if not settled(items, statement, scene) or rekeys(statement, scene.function, scan.key):
        return False
    return not any(rekeys(each.body, each, scan.key) for each in scene.functions.values()) and not _hands_out(scan, scene)


def _hands_out(scan: _Scan, scene: Scene) -> bool:
    """Whether a function that we can't look into gets an item, and might change its key."""
    for each in find(scan.code, cst.Call):
        if any(name_of(arg.value) == scan.item for arg in each.args):
            known = name_of(each.func) in PURE_FUNCTIONS | scene.functions.keys()
            if not known and not (isinstance(each.func, cst.Attribute) and each.func.attr.value in ("append", "add", "get")):
                return True
    return False


def _scan_of(helper: Function, scene: Scene) -> _Scan | None:
    """The one loop or comprehension of a function that goes through a parameter of it, which has no other use there."""
    if suspends(helper.body) or any(isinstance(each.value, cst.GeneratorExp) for each in find(helper.body, cst.Return)):
        return None  # which would look at the list later
    found = [scan for each in walk(helper.body) for scan in _scans(each, helper, scene)]
    known = parameters(helper)
    for scan in found:
        wanted = name_of(scan.wanted)
        given = scan.items in known and wanted in known and not stores(helper.body) & {scan.items, wanted}
        if given and occurrences(helper.body, scan.items) == 1 and not _later(scan, helper):
            return scan
    return None


def _scans(node: cst.CSTNode, helper: Function, scene: Scene) -> Iterator[_Scan]:
    scan = None
    if isinstance(node, cst.CompFor):
        scan = _scan_of_clause(node, scene)
    elif isinstance(node, cst.For):
        scan = _scan_of_loop(node, helper, scene)
    if scan is not None:
        yield scan


def _later(scan: _Scan, helper: Function) -> bool:
    """Whether the loop's variable is read after the loop, where the last item of all would be expected."""
    return isinstance(scan.code, cst.For) and occurrences(helper.body, scan.item) != occurrences(scan.code, scan.item)


def _scan_of_clause(node: cst.CompFor, scene: Scene) -> _Scan | None:
    """`for item in items if item.key == wanted` of a comprehension."""
    if not isinstance(node.iter, cst.Name) or not isinstance(node.target, cst.Name) or not node.ifs or node.asynchronous:
        return None
    first = node.ifs[0].test
    while isinstance(first, cst.BooleanOperation) and isinstance(first.operator, cst.And):
        first = first.left
    return _scan(node.iter.value, node.target.value, first, (), node, scene)


def _scan_of_loop(node: cst.For, helper: Function, scene: Scene) -> _Scan | None:
    """`for item in items` that starts with `if item.key != wanted: continue`, or is all one `if item.key == wanted`."""
    if not isinstance(node.iter, cst.Name) or not isinstance(node.target, cst.Name) or node.orelse or node.asynchronous:
        return None

    def only_here(name: str) -> bool:
        return occurrences(helper.body, name) == occurrences(node, name)

    parts = guarded(body_of(node), scene.imports, only_here)
    if not parts.conditions or parts.breaks:
        return None
    first = parts.conditions[0]
    # What is computed before the test must be part of it, so that an item without the key is left alone before and after.
    needed = names(first)
    for each in body_of(node):
        if (pair := assignment(each)) is None:
            break
        if pair[0] not in needed:
            return None
    return _scan(node.iter.value, node.target.value, parts.spelled_out(first), tuple(parts.shorthands), node, scene)


def _scan(items: str, item: str, test: cst.BaseExpression, local: Sequence[str], node: cst.CSTNode, scene: Scene) -> _Scan | None:
    found = comparison(test)
    if found is None or found.op is not cst.Equal or items == item:
        return None
    for key, wanted in ((found.left, found.right), (found.right, found.left)):
        of_item = names(key) == {item} and not isinstance(key, cst.Name) and _is_place(key)
        moving = changed(node.body, scene) if isinstance(node, cst.For) else {item}
        steady = not names(wanted) & ({item, *local} | moving) and is_pure(wanted, dict(scene.imports))
        if of_item and steady:
            return _Scan(items, item, key, wanted, node)
    return None


RECIPE = Recipe(
    name="by-key",
    title="Index the list by key once instead of looking through all of it each time",
    mechanism="A list that is searched from the start for every key costs its whole length each time; put into a dict by that"
    " key once, each search visits only the items that have it.",
    precondition="A function of the module (called in a loop), or a comprehension in a loop, goes through a list that nothing"
    " changes meanwhile and first of all skips items with another key. Keys need no known type: where one is not plain, all"
    " items are gone through.",
    rewrite=rewrite,
    aliases=("index", "index-by-key", "helper-scan"),
)
