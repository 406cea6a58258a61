"""Whether calls still do what they do where results are compared, after many others, as timed calls and as observed ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from evaluation.channel import Header
from evaluation.compare.comparison import compare
from evaluation.compare.observation import raised
from evaluation.compare.plain import BadFrame, Value
from evaluation.correctness.observer import Lost
from evaluation.inputs import Input
from evaluation.policy import Policy, Relaxation
from evaluation.speed.outcomes import Accepts, Frame, digest, observed
from evaluation.speed.referee import Pool

SPREAD, MOST_EDGES = 4, 4  # of so many calls of a sample one is at the edges, and so many at most: each may have to compile

Difference = tuple[str, str]  # (code, what differs)


@dataclass(frozen=True, slots=True)
class Mixed:
    """A sample as the timed ones are, inputs at the edges among ordinary ones; all show their arguments after the call."""

    pool: Pool
    edges: Mapping[int, Input]  # by their places


@dataclass(frozen=True, slots=True)
class Told:
    """What one side showed: the mixed samples with what they left changed, the edges observed, and what it printed in all."""

    mixed: Sequence[tuple[Sequence[Frame], Header]]
    observed: Sequence[Value | Lost]
    said: Mapping[str, Any]


def mixed(edges: Sequence[Input], ordinary: Sequence[bytes], calls: int, random: Random) -> list[Mixed]:
    """Deal edges into samples of so many calls, at random places."""
    few = max(1, min(calls // SPREAD, MOST_EDGES))
    return [_dealt(edges[at : at + few], ordinary, calls, random) for at in range(0, len(edges), few)]


def _dealt(edges: Sequence[Input], ordinary: Sequence[bytes], calls: int, random: Random) -> Mixed:
    count = max(0, min(calls - len(edges), len(ordinary)))
    dealt: list[Input | bytes] = [*edges, *random.sample(ordinary, count)]
    random.shuffle(dealt)
    pool = Pool([each if isinstance(each, bytes) else each.pickle for each in dealt], arguments=True)
    return Mixed(pool, {at: each for at, each in enumerate(dealt) if not isinstance(each, bytes)})


@dataclass(frozen=True, slots=True)
class Comparing:
    """How the two sides are compared; what the project's own check accepts is asked of `accepts`."""

    policy: Policy
    accepts: Accepts

    def differences(self, asked: Sequence[Mixed], edges: Sequence[Input], ours: Told, theirs: Told) -> Iterator[Difference]:
        """All that differs, in the order in which it was asked. Raises InputsFailed where the project's check fails."""
        for sample, (before, was), (after, now) in zip(asked, ours.mixed, theirs.mixed, strict=True):
            yield from self._calls(sample, before, after)
            drawn = sample.pool.seeds is None
            yield from self._same(_noted(_effects(was, drawn)), _noted(_effects(now, drawn)), "in a sample of calls")
        for edge, expected, actual in zip(edges, ours.observed, theirs.observed, strict=True):
            yield from self.call(edge, edge.pickle, expected, actual)
        yield from self._same(_noted(ours.said), _noted(theirs.said), "in all that it printed")

    def _calls(self, sample: Mixed, ours: Sequence[Frame], theirs: Sequence[Frame]) -> Iterator[Difference]:
        if len(theirs) != len(ours):
            yield "guard.result-channel", f"{len(ours)} calls gave {len(theirs)} outcomes"
            return
        for at, (expected, actual) in enumerate(zip(ours, theirs, strict=True)):
            yield from self.call(sample.edges.get(at), sample.pool.inputs[at], _value(expected), _value(actual))

    def call(self, edge: Input | None, pickle: bytes, expected: Value | Lost, actual: Value | Lost) -> Iterator[Difference]:
        """What differs in one call. Raises InputsFailed where the project's check fails."""
        where = f"for {edge.description}" if edge else "among others of its sample"
        if isinstance(expected, Lost):
            return
        if isinstance(actual, Lost):
            yield actual.code, f"it gave no answer ({actual.text}), {where}"
            return
        for each in compare(expected, actual, allowed(self.policy, edge)):
            if each.code == "equivalence.exception" or not (raised(expected) and edge and edge.origin == "edge"):
                yield each.code, f"{each.text}, {where}"
        if self.policy.check is not None and not raised(actual) and _digest(expected) != _digest(actual):
            objection = self.accepts(self.policy.check, pickle, actual)
            if objection is not None:
                yield "equivalence.value", f"{objection}, {where}"

    def _same(self, expected: Value, actual: Value, where: str) -> Iterator[Difference]:
        for each in compare(expected, actual, replace(self.policy, made_up=True)):  # edges were among it
            yield each.code, f"{each.text}, {where}"


def allowed(policy: Policy, edge: Input | None) -> Policy:
    """Nobody asked for an input at the edges: how it is refused, and what numpy says of its numbers, is nobody's promise."""
    if edge is None or edge.origin != "edge":
        return policy
    return replace(policy.relax(Relaxation.EXCEPTION_TEXT), made_up=True)


def _value(frame: Frame) -> Value | Lost:
    try:
        return observed(frame)
    except BadFrame as error:
        return Lost("guard.result-channel", str(error))


def _digest(value: Value) -> bytes:
    return digest((value.tree, value.buffers))


def _effects(answer: Header, drawn: bool) -> Mapping[str, Any]:
    """What calls left changed and logged; of random streams only which, since here they begin anywhere.

    Where it was not the calls that have `drawn`, but we who set the streams before each, they say nothing.
    """
    told = {key: value if isinstance(value := answer.get(key), dict) else {} for key in ("state", "dice", "settings")}
    return {**told, "dice": dict.fromkeys(told["dice"] if drawn else (), "moved"), "logs": answer.get("logs")}


def _noted(meta: Mapping[str, Any]) -> Value:
    """What was seen beside a call, in the form of an observed one that gave nothing."""
    node = ["observation", "", {"outcome": "returned", **meta}, {"result": None}]
    return Value.read({"v": 1, "nodes": [node], "root": ["@", 0]}, ())
