"""Whether a function may still be called in all the ways in which it could be: the calls that we make show few of these."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any

from evaluation.compare.wording import short

MOST, NAME = 255, 80  # parameters that are read, characters of a name
ONLY_POSITION, EITHER, ONLY_NAME = "POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD", "KEYWORD_ONLY"
REST, OPTIONS = "VAR_POSITIONAL", "VAR_KEYWORD"
KINDS = (ONLY_POSITION, EITHER, REST, ONLY_NAME, OPTIONS)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `default` is the same text for the same value, None where it must be given; `words` are for people."""

    name: str
    kind: str = EITHER
    default: str | None = None
    words: str = ""


Signature = Sequence[Parameter]


def read(told: Any) -> Signature | None:
    """What a process says of its function; None where it says nothing that we understand."""
    found = [_parameter(item) for item in told[:MOST]] if isinstance(told, list) else [None]
    known = [each for each in found if each is not None]
    return known if len(known) == len(found) else None


def _parameter(item: Any) -> Parameter | None:
    match item:
        case [str() as name, str() as kind, None] if kind in KINDS:
            return Parameter(name[:NAME], kind)
        case [str() as name, str() as kind, [str() as digest, str() as words]] if kind in KINDS:
            return Parameter(name[:NAME], kind, digest[:NAME], short(words))
    return None


def narrowed(before: Signature | None, after: Signature | None) -> str | None:
    """The first way of calling it that is gone or means something else; None where there is none, or `before` says nothing.

    More may be taken than before: further parameters that have a default, at the end or by name.
    """
    if before is None or {each.kind for each in before} == {REST, OPTIONS}:
        return None
    if after is None:
        return "it no longer says which parameters it takes"
    return next(_lost(before, after), None)


def varying(one: Signature | None, other: Signature | None) -> frozenset[str]:
    """Parameters whose default is not the same in two processes of the same code."""
    return frozenset(left.name for left, right in zip(one or (), other or (), strict=False) if left.default != right.default)


def without(some: Signature | None, names: Set[str]) -> Signature | None:
    """The same, of the defaults of these parameters only whether there are any."""
    return some and [replace(each, default=each.default and "varies") if each.name in names else each for each in some]


def _lost(before: Signature, after: Signature) -> Iterator[str]:
    ours, theirs = _positional(before), _positional(after)
    named = {each.name: each for each in after if each.kind in (EITHER, ONLY_NAME)}
    for at, was in enumerate(ours):
        yield from _placed(was, theirs[at] if at < len(theirs) else None, named)
    for was in before:
        if was.kind == ONLY_NAME:
            yield from _same(was, named.get(was.name))
    yield from _beyond(before, after, theirs[len(ours) :])


def _placed(was: Parameter, now: Parameter | None, named: Mapping[str, Parameter]) -> Iterator[str]:
    """What became of a parameter that is given by its place, and mostly by its name, too."""
    if now is None and was.name in named:
        yield f"its parameter `{was.name}` can no longer be given by position"
    elif now is not None and was.kind == EITHER and now.kind == ONLY_POSITION:
        yield f"its parameter `{was.name}` can no longer be given by name"
    elif now is not None and was.kind == EITHER and now.name != was.name:
        yield f"where its parameter `{was.name}` was is `{now.name}` now"
    else:
        yield from _same(was, now)


def _same(was: Parameter, now: Parameter | None) -> Iterator[str]:
    if now is None:
        yield f"its parameter `{was.name}` is gone"
    elif now.default is None and was.default is not None:
        yield f"its parameter `{was.name}` must be given now"
    elif now.default != was.default:
        yield f"the default of its parameter `{was.name}` is {now.words}, before {was.words or 'there was none'}"


def _beyond(before: Signature, after: Signature, added: Signature) -> Iterator[str]:
    """What either takes beyond the parameters that the other has."""
    kinds, known = {each.kind for each in after}, {each.name for each in before}
    for was in before:
        if was.kind in (REST, OPTIONS) and was.kind not in kinds:
            yield f"it no longer takes further arguments by {'position' if was.kind == REST else 'name'}"
    if added and any(each.kind == REST for each in before):
        yield f"its new parameter `{added[0].name}` takes what was a further argument"
    for now in after:
        if (now in added or now.kind == ONLY_NAME) and now.name not in known and now.default is None:
            yield f"its new parameter `{now.name}` must be given"


def _positional(some: Signature) -> Signature:
    return [each for each in some if each.kind in (ONLY_POSITION, EITHER)]
