"""A project's test command, read once for all who run it: a module run by Python, or a line for the shell."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

CURE = (
    "tests are run by one command, without a shell: name their folder (`python -m pytest services/pricing -q`) instead of `cd`, "
    "write variables out in front (`PYTHONPATH=src pytest -q`), and put what comes before the tests into `environment.setup`"
)
_OPERATORS = frozenset("();<>|&")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_EXPANDED = re.compile(r"\$[A-Za-z_{(]|`")
_PYTHON = re.compile(r"python(3(\.\d+)?)?")
_PYTEST = frozenset({"pytest", "py.test"})
_RUNNERS = frozenset({("poetry", "run"), ("uv", "run"), ("pdm", "run"), ("pipenv", "run"), ("hatch", "run"), ("rye", "run")})
_FLAGS = re.compile(r"-[BOuqdvb]+")  # of Python; those that would hide the project's files are not among them
_VALUED = re.compile(r"-[WX]")


@dataclass(frozen=True, slots=True)
class ModuleRun:
    """`python -m module arguments`, with variables of its own: the only kind of command that can be watched from inside."""

    module: str
    arguments: tuple[str, ...]
    variables: Mapping[str, str]
    options: tuple[str, ...] = ()  # Python's own


def module_run(command: str) -> ModuleRun | None:
    """Read `python -m pytest -q`, `pytest -q`, `poetry run pytest`, also with variables in front; None for any other command."""
    words = _words(command)
    return None if any(map(_operator, words)) or any(map(_EXPANDED.search, words)) else _read(words)


def pytest_run(command: str) -> ModuleRun | None:
    """What a test command tells pytest; None for a command that is not pytest's."""
    run = module_run(command)
    return run if run is not None and run.module == "pytest" else None


def objection(command: str) -> str | None:
    """Why a command that runs pytest would be misread; None where it is not, or where it is the shell's matter altogether."""
    if pytest_run(command) is not None:
        return None
    runs = [run for part in _parts(_words(command)) if (run := _read(part)) is not None]
    return f"`{command}` can't be read: {CURE}" if any(run.module == "pytest" for run in runs) else None


def _words(command: str) -> list[str]:
    """The words as a shell splits them, operators apart; none where quotes don't match."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=True)
    lexer.whitespace_split, lexer.commenters = True, ""
    try:
        return list(lexer)
    except ValueError:
        return []


def _operator(word: str) -> bool:
    return bool(word) and set(word) <= _OPERATORS


def _parts(words: Sequence[str]) -> list[list[str]]:
    """The single commands of a line for the shell."""
    parts: list[list[str]] = [[]]
    for word in words:
        if _operator(word):
            parts.append([])
        else:
            parts[-1].append(word)
    return parts


def _read(words: Sequence[str]) -> ModuleRun | None:
    """One command without operators."""
    rest, variables = list(words), dict[str, str]()
    while rest and (rest[0] == "env" or _ASSIGNMENT.fullmatch(rest[0])):
        name, given, value = rest.pop(0).partition("=")
        variables |= {name: value} if given else {}
    if tuple(rest[:2]) in _RUNNERS:
        rest = list(dropwhile(lambda word: word.startswith("-"), rest[2:]))
    found = _module(rest)
    return None if found is None else ModuleRun(found[0], tuple(found[1]), variables, found[2])


def _module(words: Sequence[str]) -> tuple[str, Sequence[str], tuple[str, ...]] | None:
    """The module, its arguments, and Python's options. Coverage is left away: what it would count nobody asks here."""
    program = words[0].rpartition("/")[2] if words else ""
    if program in _PYTEST:
        return "pytest", words[1:], ()
    if program == "coverage" and words[1:2] == ["run"]:
        rest = list(dropwhile(lambda word: word.startswith("--"), words[2:]))
        return (rest[1], rest[2:], ()) if rest[:1] == ["-m"] and rest[1:] else None
    if not _PYTHON.fullmatch(program):
        return None
    options, rest = _options(words[1:])
    if rest[:1] != ["-m"] or len(rest) < 2:
        return None
    return (_module(rest[1:]) if rest[1] == "coverage" else None) or (rest[1], rest[2:], options)


def _options(words: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """What Python is told before its `-m`, and the rest."""
    at = 0
    while at < len(words) and (_FLAGS.fullmatch(words[at]) or _VALUED.match(words[at])):
        at += 2 if words[at] in ("-W", "-X") else 1
    return tuple(words[:at]), list(words[at:])
