"""What people can ask for in a note, and the reading of it. Never raises: what cannot be meant becomes a Mistake with advice."""

import difflib
import re
from dataclasses import dataclass, field, fields
from typing import Any

from handlers.options import BadOption, Options, take
from handlers.prose import Line, addressed, slashed

MOST_COMMANDS = 10
_MOST_CHARACTERS = 2_000  # of one command line
_MOST_TARGETS = 8
_MOST_PROSE = 20_000
_MOST_PRAISE = 8  # words
_PRAISE = re.compile(
    r"nice|great|good|cool|thanks|thank|you|thx|ty|super|wow|awesome|lovely|perfect|excellent|lgtm|well|done|job|work|very|so"
    r"|really|much|this|is|it|looks|to|me|amazing|brilliant|fantastic|love|impressive|cheers|ok|okay|yay|neat|sweet|merci|danke"
)
_FULL = re.compile(r"[\w./-]{1,200}\.pyx?::[\w.]{1,200}")


@dataclass(frozen=True, slots=True)
class Optimize:
    """Make something faster: the named targets, or what the free text describes, or (without both) what the place is about."""

    targets: tuple[str, ...] = ()
    text: str = ""
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Retry:
    """Do the last run again."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the active run."""


@dataclass(frozen=True, slots=True)
class Status:
    """Say where the active run is."""


@dataclass(frozen=True, slots=True)
class Explain:
    """Say why a candidate won or lost; None is the published one."""

    candidate: str | None = None


@dataclass(frozen=True, slots=True)
class Avoid:
    """A rule for this and later runs: do not use these."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prefer:
    """A rule for this and later runs: try these first."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """Show what reviewers of this project have asked for."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Delete a lesson."""

    number: int


@dataclass(frozen=True, slots=True)
class Reword:
    """Say a lesson in other words."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Compare:
    """Show the iterations next to each other."""


@dataclass(frozen=True, slots=True)
class Help:
    """Say what can be asked."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A command that cannot be carried out as written. `text` is foreign; `advice` is ours, in Markdown."""

    text: str
    advice: str


Command = Optimize | Retry | Cancel | Status | Explain | Avoid | Prefer | Lessons | Forget | Reword | Compare | Help
_BARE: dict[str, Command] = {
    "retry": Retry(),
    "cancel": Cancel(),
    "status": Status(),
    "lessons": Lessons(),
    "compare": Compare(),
    "help": Help(),
}
_VERBS = (*_BARE, "explain", "avoid", "prefer", "forget", "reword")


def read(note: str, *, bot: str, word: str = "optimize") -> list[Command | Mistake]:
    """The commands in a note, in order. `bot` is the bot's user name, `word` the command's name; both in any case."""
    found = [meaning for line in addressed(note, bot=bot, word=word) if (meaning := _meaning(line, word)) is not None]
    return (found or _mistyped(note, word))[:MOST_COMMANDS]


def mentioned(prose: str) -> tuple[str, ...]:
    """Targets that a text names in full (`path/to/file.py::function`), in order; a name without its file is none."""
    words = (_target(word) for word in prose[:_MOST_PROSE].split())
    return tuple(dict.fromkeys(word for word in words if _FULL.fullmatch(word)))


def praises(note: str) -> bool:
    """Whether a note is nothing but praise or thanks, so that nobody expects anything of it."""
    words = re.findall(r"[^\W\d_]+", re.sub(r":[a-z0-9_+-]+:", " ", note[:500].lower()))
    return "?" not in note and len(words) <= _MOST_PRAISE and all(_PRAISE.fullmatch(word) for word in words)


def canonical(command: Command) -> str:
    """One text per meaning: the same however the command was spelt."""
    values = (f"{each.name}={_plain(getattr(command, each.name))}" for each in fields(command))
    return " ".join([type(command).__name__, *values])


def _plain(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else repr(value)


def _meaning(line: Line, word: str) -> Command | Mistake | None:
    words = line.rest[:_MOST_CHARACTERS].split()
    if line.address.startswith("/"):
        return _command(words, word)
    if words and words[0].lower() == word.lower():
        return _command(words[1:], word)
    return _mention(words, word)


def _mention(words: list[str], word: str) -> Command | Mistake | None:
    """After `@bot` only a verb is an order; everything else is people talking about the bot."""
    if not words:
        return None
    verb = words[0].lower()
    if verb in _VERBS:
        return _command(words, word)
    near = difflib.get_close_matches(verb, (word.lower(), *_VERBS), n=1, cutoff=0.8)
    return _mistake(words, f"Did you mean `{near[0]}`?") if near else None


def _command(words: list[str], word: str) -> Command | Mistake:
    verb = words[0].lower() if words else ""
    rest = words[1:]
    if verb in _BARE:
        return _BARE[verb] if not rest else _mistake(words, f"`/{word} {verb}` stands alone on its line; nothing follows it.")
    match verb:
        case "avoid" | "prefer":
            return _rule(verb, rest, word)
        case "explain":
            return Explain(_candidate(rest))
        case "forget" | "reword":
            return _lesson(verb, rest, word)
    return _near_verb(words, word) or _optimize(words)


def _rule(verb: str, rest: list[str], word: str) -> Command | Mistake:
    things = (_bare(thing) for thing in re.split(r",|;|\band\b|\bor\b", " ".join(rest), flags=re.IGNORECASE))
    named = tuple(dict.fromkeys(thing.lower() for thing in things if thing))
    if not named:
        return _mistake([verb, *rest], f"`{verb}` needs to know what, for example `/{word} {verb} numba`.")
    return Avoid(named) if verb == "avoid" else Prefer(named)


def _lesson(verb: str, rest: list[str], word: str) -> Command | Mistake:
    number = _bare(rest[0]).lstrip("#") if rest else ""
    text = " ".join(rest[1:])
    if not re.fullmatch(r"[1-9][0-9]{0,8}", number) or (verb == "forget") == bool(text):
        example = "forget 3" if verb == "forget" else "reword 3 no new dependencies"
        return _mistake([verb, *rest], f"Say it like this: `/{word} {example}`. `/{word} lessons` shows the numbers.")
    return Forget(int(number)) if verb == "forget" else Reword(int(number), text)


def _bare(text: str) -> str:
    return text.strip(" \t`\"'*.!?")


def _candidate(rest: list[str]) -> str | None:
    named = [_bare(word).lstrip("#") for word in rest if word.lower() != "candidate"]
    return named[0] if len(named) == 1 and re.fullmatch(r"(?=.*\d)[\w-]{1,64}", named[0]) else None


def _near_verb(words: list[str], word: str) -> Mistake | None:
    """A mistyped verb, where the line makes sense as nothing else: alone, or before what avoid, prefer and explain take."""
    verb = words[0].lower() if words else ""
    near = difflib.get_close_matches(verb, _VERBS, n=1, cutoff=0.8)
    if not near or _is_target(verb) or (near[0] in _BARE and len(words) > 1):
        return None
    return _mistake(words, f"Did you mean `/{word} {near[0]}`?")


def _optimize(words: list[str]) -> Command | Mistake:
    try:
        options, rest = take(words)
    except BadOption as error:
        advice = str(error)
        return _mistake(words, advice[0].upper() + advice[1:] + ("" if advice.endswith("?") else "."))
    named = list(rest)
    targets: list[str] = []
    while named and _is_target(_target(named[0])):
        targets.append(_target(named.pop(0)))
    if not targets:  # "make src/a.py::f faster": only what can be nothing else
        targets = [_target(word) for word in named if "::" in word or _target(word).endswith(".py")]
    if len(targets) > _MOST_TARGETS:
        return _mistake(words, f"That names {len(targets)} targets; {_MOST_TARGETS} at a time is the most.")
    return Optimize(tuple(dict.fromkeys(targets)), " ".join(named), options)


def _is_target(word: str) -> bool:
    return "/" in word or "::" in word or word.endswith(".py")


def _target(word: str) -> str:
    return word.lstrip("`\"'(<").rstrip("`\"').,:;!?>")


def _mistyped(note: str, word: str) -> list[Command | Mistake]:
    mistakes: list[Command | Mistake] = []
    for line in slashed(note):
        typed = line.address[1:].lower()
        longer = typed.startswith(word.lower()) or typed == word.lower()
        if not longer and difflib.get_close_matches(typed, [word.lower()], cutoff=0.8):
            mistakes.append(_mistake([line.address, *line.rest.split()], f"Did you mean `/{word}`?"))
    return mistakes


def _mistake(words: list[str], advice: str) -> Mistake:
    return Mistake(" ".join(words)[:200], advice)
