"""How two observed calls are compared: outcome, result, arguments afterwards, shared memory, state, randomness, output."""

import re
from collections.abc import Mapping
from typing import Any

from evaluation.compare.plain import Node, Ref, Value
from evaluation.compare.walk import Place, Walk
from evaluation.compare.wording import short, shown
from evaluation.policy import Relaxation

ABOUT_THE_CODE = frozenset(  # warnings that a better implementation may well lose
    {
        "DeprecationWarning",
        "PendingDeprecationWarning",
        "FutureWarning",
        "ResourceWarning",
        "pandas.errors.PerformanceWarning",
        "pandas.errors.SettingWithCopyWarning",
    }
)
# numpy's words for one event differ with how it computes: item by item, in whole arrays, in a library that never looks
_ARITHMETIC = re.compile(r"(overflow|underflow|invalid value|divide by zero) encountered( in .+)?")


def raised(observed: Value) -> str | None:
    """The type of the exception that a call ended with; None when it returned."""
    if not isinstance(observed.root, Ref):
        return None
    node = observed.node(observed.root)
    result = observed.part(node, "result")
    if node.meta.get("outcome") != "raised" or not isinstance(result, Ref):
        return None
    return observed.node(result).type


def compare_observations(walk: Walk, expected: Node, actual: Node, _place: Place) -> None:
    """Everything that can be seen of a call; the order is that in which people want to read it."""
    _outcome(walk, expected, actual)
    _waited(walk, expected, actual)
    for name in ("args", "kwargs"):
        walk.parts(walk.expected.part(expected, name), walk.actual.part(actual, name), Place(name, "mutation"))
    walk.run()
    _state(walk, expected, actual)
    if not walk.policy.allows(Relaxation.OUTPUT):
        _output(walk, expected, actual)
    if not walk.policy.allows(Relaxation.WARNINGS):
        _warnings(walk, expected, actual)
    _views(walk, expected, actual)


def _outcome(walk: Walk, expected: Node, actual: Node) -> None:
    left, right = walk.expected.part(expected, "result"), walk.actual.part(actual, "result")
    if expected.meta.get("outcome") != actual.meta.get("outcome"):
        ours, theirs = _told(walk.expected, expected), _told(walk.actual, actual)
        walk.say(Place("result"), "exception", f"expected {ours}, got {theirs}")
    elif walk.policy.check is None or expected.meta.get("outcome") == "raised":
        code = "exception" if expected.meta.get("outcome") == "raised" else None
        walk.parts(left, right, Place("result", code))
        walk.run()


def _waited(walk: Walk, expected: Node, actual: Node) -> None:
    """A caller that awaits must be able to, and nothing may run on that nobody waits for; a cache is a promise for next time."""
    (ours, few), (theirs, many) = _wait(expected), _wait(actual)
    if ours != theirs:
        walk.say(Place("result"), "lazy", short(f"expected {ours or 'no coroutine'}, got {theirs or 'none'}"))
    elif many > few:
        walk.say(Place("result"), "lazy", f"{many} tasks run on that nobody waits for")
    if expected.meta.get("cached") is True and actual.meta.get("cached") is not True:
        walk.say(Place("state"), "state", "results are no longer kept for the next call (lru_cache)")


def _wait(node: Node) -> tuple[str | None, int]:
    """What was waited for (None: the answer came at once), and how many tasks were left."""
    match node.meta.get("waited"):
        case [str() as kind, int() as left]:
            return kind, left
    return None, 0


def _told(value: Value, node: Node) -> str:
    part = value.part(node, "result")
    text = shown(value, part if isinstance(part, Ref) or not isinstance(part, tuple) else None)  # type: ignore[arg-type]
    return text if node.meta.get("outcome") == "returned" else f"an exception: {text}"


def _state(walk: Walk, expected: Node, actual: Node) -> None:
    for key, what in (("state", "module name"), ("dice", "random stream"), ("settings", "process's")):
        ours, theirs = _mapping(expected.meta.get(key)), _mapping(actual.meta.get(key))
        for name in sorted(set(ours) | set(theirs)):
            if ours.get(name, "") != theirs.get(name, ""):
                how = "is left in another state" if name in ours and name in theirs else _changed(name in theirs)
                walk.say(Place("state"), "state", short(f"the {what} {name} {how}"))


def _changed(by_candidate: bool) -> str:
    return "changes during the call, expected not to" if by_candidate else "does not change during the call, expected to"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _output(walk: Walk, expected: Node, actual: Node) -> None:
    for name in ("stdout", "stderr", "logs"):
        left, right = expected.meta.get(name), actual.meta.get(name)
        if left != right:
            walk.say(Place(name), "output", f"expected {short(repr(left))}, got {short(repr(right))}")


def _warnings(walk: Walk, expected: Node, actual: Node) -> None:
    ours, theirs = _said(expected, walk.policy.strict), _said(actual, walk.policy.strict)
    for category, text in sorted(theirs - ours):
        if walk.policy.strict or not walk.policy.made_up or not _ARITHMETIC.fullmatch(text):
            walk.say(Place("warnings"), "output", short(f"a new {category}: {text}"))
    for category, text in sorted(ours - theirs):
        if category not in ABOUT_THE_CODE and (walk.policy.strict or not _ARITHMETIC.fullmatch(text)):
            walk.say(Place("warnings"), "output", short(f"no {category} any more: {text}"))


def _said(node: Node, strict: bool) -> set[tuple[str, str]]:
    """Categories and texts; of numpy's warnings about numbers only the kind, unless the policy is strict."""
    items = node.meta.get("warnings")
    pairs = [item for item in items if isinstance(item, list) and len(item) == 2] if isinstance(items, list) else []
    texts = {(str(category), str(text)) for category, text in pairs}
    return texts if strict else {(category, _ARITHMETIC.sub(r"\1 encountered", text)) for category, text in texts}


def _views(walk: Walk, expected: Node, actual: Node) -> None:
    """Memory shared between result and arguments must be shared by the same two arrays on both sides.

    Where a check decides about results, nobody knows which of their arrays is which: the same arguments must share.
    """
    ours = {(walk.twins.get(a), walk.twins.get(b)) for a, b in _pairs(expected)}
    theirs = {(None if walk.policy.check else a, b) for a, b in _pairs(actual)}
    if theirs - ours:
        walk.say(Place("result"), "alias", "shares memory with an argument, expected not to")
    elif ours - theirs and not any(None in pair for pair in ours):
        walk.say(Place("result"), "alias", "shares no memory with the arguments, expected to")


def _pairs(node: Node) -> list[tuple[int, int]]:
    items = node.meta.get("views")
    pairs = [item for item in items if isinstance(item, list) and len(item) == 2] if isinstance(items, list) else []
    return [(a, b) for a, b in pairs if isinstance(a, int) and isinstance(b, int)]
