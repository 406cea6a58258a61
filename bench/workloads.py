"""Small functions of known truth: each does one piece of work K times over; with k rounds it is K/k times as fast.

Three fields, because code of different kinds is noisy in different ways: a tight loop, texts and dicts, sorting.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_ONCE: Mapping[str, str] = {
    "loop": """
def once(seed):
    total = seed
    for _ in range({size}):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
""",
    "words": """
def once(seed):
    counts = {{}}
    for at in range({size}):
        word = str((seed + at * 7919) % 97).upper()
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts)[0]
""",
    "sort": """
def once(seed):
    rows = [((seed * at) % 1013, at) for at in range({size})]
    rows.sort(key=lambda row: row[0])
    return rows[0][1]
""",
}
_SIZE: Mapping[str, int] = {"loop": 10_000, "words": 3_300, "sort": 3_300}  # items in all rounds together: about a millisecond
_ROUNDS = """
def work(seed):
    result = None
    for _ in range({rounds}):
        result = once(seed)
    return result
"""
NAMES = tuple(_ONCE)


@dataclass(frozen=True, slots=True)
class Pair:
    """A baseline and a candidate that gives the same results; `truth` is how many times as fast it is, by construction."""

    before: str
    after: str
    truth: float


def pair(name: str, rounds: int, fewer: int, *, longer: int = 1) -> Pair:
    """The workload `name` in so many rounds, and in fewer; with the same number, the same code under other names.

    A call takes `longer` times a millisecond or so.
    """
    once = _ONCE[name].format(size=_SIZE[name] * longer // rounds)
    before = once + _ROUNDS.format(rounds=rounds)
    after = (once + _ROUNDS.format(rounds=fewer)).replace("once", "each").replace("result", "found")
    return Pair(before, after, rounds / fewer)
