"""`in` on a list of which nothing is known: in constant time where all its items turn out to be plain values."""

import re
from dataclasses import dataclass, field

import libcst as cst

from bot.agents.recipes.flow import occurrences
from bot.agents.recipes.hashable import hashable, hashable_items
from bot.agents.recipes.scene import Fit, Misfit, Recipe, Scene
from bot.agents.recipes.splice import Change, repeated, repeating, settled, spliced
from bot.agents.recipes.syntax import Statement, assignment, block, code, dotted, find, name_of, walk

MEMBERS = '''class _Members:
    """Answers `in` as the list does; at once for plain values, whose equality and hash agree."""

    PLAIN = frozenset([str, int, float, bool, bytes, type(None)])

    def __init__(self, values):
        self.values = values
        # The class of each item counts, not what it may be equal to: others may have an equality of their own.
        plain = type(values) in (list, tuple) and self.PLAIN.issuperset(map(type, values))
        self.known = frozenset(values) if plain else None

    def __contains__(self, value):
        if self.known is None or type(value) not in self.PLAIN:
            return value in self.values
        return value in self.known
'''

_LISTS = r"(?:list|List|tuple|Tuple|Sequence|Collection)\b.*"
_MAKERS = ("list", "tuple", "sorted")
_METHODS = ("tolist", "to_list", "split", "splitlines")


@dataclass(slots=True)
class _Plan:
    above: dict[cst.CSTNode, list[Statement]] = field(default_factory=dict)
    changes: dict[cst.CSTNode, Change] = field(default_factory=dict)
    fast: dict[str, str] = field(default_factory=dict)


def rewrite(scene: Scene) -> Fit:
    plan = _Plan()
    for statement in repeating(scene.function):
        for name in dict.fromkeys(name for name, _ in _asked(statement)):
            if not _is_for_sets(name, statement, scene) and settled(name, statement, scene) and _is_list(name, scene):
                _ask_members(name, statement, scene, plan)
    if not plan.changes:
        raise Misfit("nothing repeats `in` on a list that stays the same meanwhile")
    note = ", ".join(f"`in {name}`" for name in plan.fast) + " asked again and again"
    return Fit(spliced(scene.function, plan.above, plan.changes), companions=(MEMBERS,), note=note)


def _asked(statement: Statement) -> list[tuple[str, cst.Name]]:
    """The variable (and its place) of each `x in name` and `x not in name` that is asked repeatedly."""
    found = []
    for node in repeated(statement):
        match node:
            case cst.Comparison(
                comparisons=[cst.ComparisonTarget(operator=cst.In() | cst.NotIn(), comparator=cst.Name(value=name) as place)]
            ):
                found.append((name, place))
    return found


def _is_for_sets(name: str, statement: Statement, scene: Scene) -> bool:
    """Whether types are known well enough for a plain set, which is another recipe."""
    lefts = [each.left for each in find(statement, cst.Comparison) if name_of(each.comparisons[0].comparator) == name]
    return hashable_items(name, scene) and all(hashable(each, scene) for each in lefts)


def _is_list(name: str, scene: Scene) -> bool:
    """A list as far as one can see; should it be something else after all, `_Members` asks that."""
    if (annotation := _annotation(name, scene)) is not None:
        return re.fullmatch(_LISTS, annotation.strip("\"'")) is not None
    values = [pair[1] for each in find(scene.function, cst.SimpleStatementLine) if (pair := assignment(each)) and pair[0] == name]
    if not values:
        return _only_asked(name, scene)
    return all(_makes_list(each) for each in values)


def _annotation(name: str, scene: Scene) -> str | None:
    given = scene.function.params
    for each in (*given.posonly_params, *given.params, *given.kwonly_params):
        if each.name.value == name and each.annotation is not None:
            return code(each.annotation.annotation)
    return None


def _only_asked(name: str, scene: Scene) -> bool:
    """A parameter that is used for `in` and for nothing else, such as subscripts or `.items()`, which would speak for a dict."""
    asked = [node for node in walk(scene.function) if isinstance(node, cst.ComparisonTarget) and name_of(node.comparator) == name]
    return len(asked) == occurrences(scene.function.body, name)


def _makes_list(value: cst.BaseExpression) -> bool:
    match value:
        case cst.ListComp():
            return True
        case cst.Call(func=cst.Attribute(attr=cst.Name(value=method))):
            return method in _METHODS
        case cst.Call(func=function):
            return dotted(function) in _MAKERS
    return False


def _ask_members(name: str, statement: Statement, scene: Scene, plan: _Plan) -> None:
    if name not in plan.fast:
        plan.fast[name] = scene.fresh(f"{name}_members", *plan.fast.values())
    fast = plan.fast[name]
    plan.above.setdefault(statement, []).extend(block(f"{fast} = _Members({name})"))
    for asked, place in _asked(statement):
        if asked == name:
            plan.changes[place] = lambda node: node.with_changes(value=fast)


RECIPE = Recipe(
    name="members",
    title="Look up members of a list at once instead of comparing one by one",
    mechanism="A list compares one element after the other for every `in`; where all of them are plain values, a hash"
    " finds one at once.",
    precondition="A loop or comprehension asks `x in items` of a list it leaves alone. No types need to be known: items"
    " that are not plain (text, numbers, bytes, None), and anything that is not a list or tuple, are asked as before.",
    rewrite=rewrite,
    aliases=("adaptive-set", "stop-words"),
)
