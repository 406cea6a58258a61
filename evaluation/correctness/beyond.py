"""What differs on columns of kinds that the project's inputs never have: worth a remark, never a reason to reject."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from evaluation.compare.comparison import compare
from evaluation.compare.observation import raised
from evaluation.compare.plain import Value
from evaluation.correctness.observer import Lost, Observer, Unloadable
from evaluation.inputs import Input
from evaluation.policy import Policy, Relaxation
from evaluation.scorecard import Beyond

SECONDS = 1.0  # for one call; what is slower is left alone
COUNTED = frozenset(f"equivalence.{name}" for name in ("value", "type", "dtype", "exception", "index", "names", "order"))


def differences(oracle: Observer, subject: Observer, samples: Sequence[Input], policy: Policy) -> tuple[Beyond, ...]:
    """The first difference of each kind, on inputs that the reference accepts and answers alike twice."""
    found: dict[str, Beyond] = {}
    try:
        for sample in samples:
            if sample.kind not in found:
                found.update((each.kind, each) for each in _differing(oracle, subject, sample, policy))
    except Unloadable:  # no process holds one of the sides any more: what was seen until here was seen
        pass
    return tuple(found.values())


def _differing(oracle: Observer, subject: Observer, sample: Input, policy: Policy) -> Iterator[Beyond]:
    expected = oracle.observe(sample.pickle, seconds=SECONDS)
    if isinstance(expected, Lost) or raised(expected):
        return
    policy = _lenient(policy, sample.kind)
    actual = subject.observe(sample.pickle, seconds=SECONDS)
    if isinstance(actual, Lost) and actual.code == "sandbox.timeout":
        return  # it may compile for what it has not met before
    text = _first(expected, actual, policy)
    if text is not None and _first(expected, oracle.observe(sample.pickle, seconds=SECONDS), policy) is None:
        yield Beyond(sample.kind, text, sample.description)


def _lenient(policy: Policy, kind: str) -> Policy:
    """Single precision is all that can be asked of narrow floats."""
    policy = replace(policy, made_up=True)
    return policy.relax(Relaxation.FLOAT32) if kind == "single" else policy


def _first(expected: Value, actual: Value | Lost, policy: Policy) -> str | None:
    if isinstance(actual, Lost):
        return actual.text
    return next((each.text for each in compare(expected, actual, policy) if each.code in COUNTED), None)
