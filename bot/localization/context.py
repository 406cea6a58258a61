"""What an agent must see of a project to change one function: chosen along the map, packed to a budget, the rest named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.localization.hotspots import is_test
from bot.localization.map import Map, Place
from bot.localization.source import Unreadable, content
from evaluation.target import Target

TOKENS = 12_000
_DEEP = 4  # calls followed from the target
_MOST = 80  # definitions considered of each kind
_TALL = 80  # lines from which a class is shown by its head: its methods come one by one, where they are used
_FEW = 4  # tests, and callers, that come before what is farther away
_NAMED = 30  # of what is left out
_WIDTH = 300  # characters of a line that are shown

Role = Literal["target", "imports", "uses", "data", "inputs", "test", "caller"]


@dataclass(frozen=True, slots=True)
class Piece:
    """Some lines of a file and why they matter; `name` is the definition there, or empty for a whole file."""

    role: Role
    path: str
    first: int
    last: int
    name: str = ""

    def __str__(self) -> str:
        return f"{self.path}::{self.name}" if self.name else self.path

    @property
    def lines(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Context:
    """The pieces in the order they matter, what they come to in tokens (estimated), and what there was no room for."""

    pieces: tuple[Piece, ...]
    tokens: int
    left_out: tuple[Piece, ...] = ()
    more: int = 0  # left out, and not even named


def pack(project: Map, target: Target, *, inputs: Sequence[Target] = (), tokens: int = TOKENS) -> Context:
    """The target, then what it uses, its inputs, tests and callers, as far as `tokens` reach; empty for an unknown target."""
    place = Place(target.path, target.name)
    if project.definition(place) is None:
        return Context((), 0)
    packing = _Packing(project, tokens)
    for piece in _whole_file(project, place, tokens // 2) or _alone(project, place):
        packing.must(piece)
    for piece in _around(project, place, [Place(each.path, each.name) for each in inputs]):
        packing.may(piece)
    return Context(tuple(packing.taken), packing.used, tuple(packing.left[:_NAMED]), max(0, len(packing.left) - _NAMED))


class _Packing:
    """A bag with room for so many tokens."""

    def __init__(self, project: Map, tokens: int) -> None:
        self._project, self._room = project, tokens
        self._lines: dict[str, list[str]] = {}
        self.taken: list[Piece] = []
        self.left: list[Piece] = []
        self.used = 0

    def must(self, piece: Piece) -> None:
        """Take the beginning of a piece if the whole is too much."""
        costs = [_tokens(line) for line in self._text(piece)]
        fits = 0
        while fits < len(costs) and self.used + costs[fits] <= self._room:
            self.used += costs[fits]
            fits += 1
        if fits:
            self.taken.append(replace(piece, last=piece.first + fits - 1))
        if fits < len(costs):
            self.left.append(replace(piece, first=piece.first + fits))

    def may(self, piece: Piece) -> None:
        """Take a piece if it is not there already and fits as a whole."""
        if any(_within(piece, other) for other in (*self.taken, *self.left)):
            return
        cost = sum(_tokens(line) for line in self._text(piece))
        if self.used + cost > self._room:
            self.left.append(piece)
            return
        self.used += cost
        self.taken.append(piece)

    def _text(self, piece: Piece) -> list[str]:
        if piece.path not in self._lines:
            self._lines[piece.path] = text_of(self._project, piece.path).split("\n")
        return self._lines[piece.path][piece.first - 1 : piece.last]


def text_of(project: Map, path: str) -> str:
    """A file of the map as text, whatever its bytes are; empty where it cannot be read."""
    try:
        return content(project.tree, path).decode("utf-8", "replace")
    except Unreadable:
        return ""


def _whole_file(project: Map, place: Place, tokens: int) -> list[Piece]:
    """The target's file where it is small enough to be shown from end to end."""
    lines = text_of(project, place.path).rstrip("\n").split("\n")
    return [Piece("target", place.path, 1, len(lines))] if sum(map(_tokens, lines)) <= tokens else []


def _alone(project: Map, place: Place) -> list[Piece]:
    """The target, the imports it was written under, and the head of its class."""
    module = project.module(place.path)
    head = [Piece("imports", place.path, *module.head, "imports")] if module and module.head[0] else []
    owner = place.name.rpartition(".")[0]
    around = [_piece(project, "data", Place(place.path, owner))] if owner else []
    return [each for each in [_piece(project, "target", place), *head, *around] if each]


def _around(project: Map, place: Place, inputs: Sequence[Place]) -> Iterator[Piece]:
    """Everything that may matter, what matters most first: near things, a few tests and callers, then the farther ones."""
    near, *far = [_pieces(project, None, level) for level in _levels(project, [place])]
    users = _users(project, place)
    above = [each for each in users if not is_test(each.path)]
    callers = _pieces(project, "caller", above)
    tests = _pieces(project, "test", [each for each in users if is_test(each.path)] or _tests_of(project, above[:_FEW]))
    yield from (*near, *_pieces(project, "inputs", inputs), *tests[:_FEW], *callers[:_FEW])
    for level in far:
        yield from level
    for reached in _levels(project, list(inputs)):
        yield from _pieces(project, "inputs", reached)
    yield from (*tests[_FEW:], *callers[_FEW:])


def _tests_of(project: Map, places: Sequence[Place]) -> list[Place]:
    """Tests that reach the target through those who call it."""
    found = (each for place in places for each in project.users(place) if is_test(each.path))
    return list(dict.fromkeys(found))[:_MOST]


def _users(project: Map, place: Place) -> list[Place]:
    """Those who use the target, or its class where nobody can be seen to use the method itself."""
    owner = place.name.rpartition(".")[0]
    found = project.users(place) or (project.users(Place(place.path, owner)) if owner else [])
    return [each for each in found if each.name != owner][:_MOST]


def _levels(project: Map, start: Sequence[Place]) -> list[list[Place]]:
    """What the places use, then what that uses, and so on; each once."""
    seen, near, levels = set(start), list(start), []
    for _ in range(_DEEP):
        reached = dict.fromkeys(each for place in near for each in project.leads_to(place))
        near = [each for each in reached if each not in seen][: max(0, _MOST - len(seen))]
        seen.update(near)
        levels.append(near)
    return levels


def _pieces(project: Map, role: Role | None, places: Sequence[Place]) -> list[Piece]:
    """The places as pieces; without a role, functions are used and everything else is data."""
    return [piece for place in places if (piece := _piece(project, role, place))]


def _piece(project: Map, role: Role | None, place: Place) -> Piece | None:
    found = project.definition(place)
    if found is None:
        return None
    tall = found.kind == "class" and found.body > found.first and found.last - found.first >= _TALL
    role = role or ("uses" if found.kind == "function" else "data")
    return Piece(role, place.path, found.first, found.body - 1 if tall else found.last, place.name)


def _within(piece: Piece, other: Piece) -> bool:
    return piece.path == other.path and other.first <= piece.first and piece.last <= other.last


def _tokens(line: str) -> int:
    """About what a numbered line costs, rather too much than too little."""
    return 3 + len(line[:_WIDTH].encode("utf-8", "replace")) // 3
