"""Whether a change was there before: the same code under other names is, and nothing costly is spent on it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.agents.contract import Attempt
from bot.editor.shape import shape

ALIKE = 0.6  # share of the changed lines that two changes have in common, from which they are said to be alike
Files = Mapping[str, bytes | None]
Read = Callable[[str], bytes | None]


def repeated(before: Files, after: Files, tried: Sequence[Attempt], parent: Files) -> str | None:
    """Why a change is not worth a look: it says what was said before, or nothing; None for a new one.

    `before` holds each changed file as it was, `after` as it is; `parent` what the tree had from the start, against the base.
    """
    if after and all(_same(before.get(path), content) for path, content in after.items()):
        return "this changes names, comments, hints or layout only, so there is nothing to measure"
    whole = {**parent, **after}  # attempts are told against the base, too
    for attempt in tried:
        if _covers(attempt.files, parent, whole) and all(
            _same(attempt.files.get(path, before.get(path)), content) for path, content in whole.items()
        ):
            return f"this is the change `{attempt.title}` once more, which was {_outcome(attempt)}; do something else"
    return None


def alike(before: Files, after: Files, tried: Sequence[Attempt]) -> str | None:
    """What an earlier change that is much like this one came to; None where none is."""
    changed = _changed(before, after)
    scored = [(_overlap(changed, _changed(before, attempt.files)), attempt) for attempt in tried if attempt.files]
    score, nearest = max(scored, key=lambda each: each[0], default=(0.0, None))
    if nearest is None or score < ALIKE:
        return None
    return f"This is much like `{nearest.title}`, which was {_outcome(nearest)}."


def _covers(files: Files, parent: Files, whole: Files) -> bool:
    """Whether an attempt has everything of the parent, and nothing that the whole has not."""
    return bool(files) and parent.keys() <= files.keys() <= whole.keys()


def _same(one: bytes | None, other: bytes | None) -> bool:
    if one is None or other is None or one == other:
        return one == other
    form = _normal(one)
    return form is not None and form == _normal(other)


def _normal(content: bytes) -> str | None:
    return shape(content.decode("utf-8", "replace"), names=False)


def _changed(before: Files, after: Files) -> Counter[str]:
    """The lines that are new, in normal form."""
    new: Counter[str] = Counter()
    for path, content in after.items():
        new += Counter(_lines(content)) - Counter(_lines(before.get(path)))
    return new


def _lines(content: bytes | None) -> list[str]:
    return (_normal(content) or content.decode("utf-8", "replace")).split("\n") if content else []


def _overlap(one: Counter[str], other: Counter[str]) -> float:
    union = (one | other).total()
    return (one & other).total() / union if union else 0.0


def _outcome(attempt: Attempt) -> str:
    ratio = "" if attempt.ratio is None else f" at {attempt.ratio:.2f}x"
    return f"{attempt.outcome}{ratio}" + (f" ({'; '.join(attempt.reasons)[:300]})" if attempt.reasons else "")
