"""Values and calls in their plain form, made in this process: what travels from a sandbox to the judge, without the sandbox."""

import json
from collections.abc import Callable
from typing import Any

from evaluation.compare.comparison import compare
from evaluation.compare.pairing import family
from evaluation.compare.plain import Value
from evaluation.policy import Level, Policy, Relaxation
from evaluation.probe.codec import encode
from evaluation.probe.observe import observe

STRICT = Policy(Level.STRICT)


def travelled(tree: Any, buffers: Any) -> Value:
    """As it arrives: the tree through JSON, the buffers as bytes."""
    return Value.read(json.loads(json.dumps(tree)), [bytearray(buffer) for buffer in buffers])


def value(thing: Any) -> Value:
    return travelled(*encode(thing))


def call(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Value:
    return travelled(*observe(function, args, kwargs))


def codes(expected: Value, actual: Value, policy: Policy | None = None) -> set[str]:
    return {family(each.code).removeprefix("equivalence.") for each in compare(expected, actual, policy)}


def between(expected: Any, actual: Any, policy: Policy | None = None) -> set[str]:
    """The codes of what differs between two values."""
    return codes(value(expected), value(actual), policy)


def relaxed(*relaxations: Relaxation) -> Policy:
    return Policy().relax(*relaxations)
