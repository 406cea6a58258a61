"""A function must still be called as before: what its process says of it, and what its source says, beside each other."""

import functools
from collections.abc import Callable
from typing import Any

import pytest

from evaluation.correctness.signature import Parameter, narrowed, read, varying, without
from evaluation.guard.definitions import compared, defined
from evaluation.guard.guards import Change
from evaluation.probe.signature import told
from evaluation.target import Target

ROWS = "def work(rows, limit=10, *, key=None):\n    return rows[:limit]\n"


def made(source: str) -> Callable[..., Any]:
    names: dict[str, Any] = {"functools": functools}
    exec(source, names)
    found: Callable[..., Any] = names["work"]
    return found


def lost(before: str, after: str) -> str | None:
    return narrowed(*(read(told(made(source))) for source in (before, after)))


def written(before: str, after: str) -> set[str]:
    found = compared([Change("m.py", before.encode(), after.encode())], Target("m.py", "work"))
    return {reason.code for reason in found.reasons}


@pytest.mark.parametrize(
    ("after", "said", "plain"),
    [
        ("def work(r, limit=10, *, key=None): pass", "where its parameter `rows` was is `r` now", True),
        ("def work(r, *, cap=5): return r[:10]", "where its parameter `rows` was is `r` now", True),
        ("def work(rows, limit=9, *, key=None): pass", "the default of its parameter `limit` is 9, before 10", False),
        ("def work(rows, limit=10.0, *, key=None): pass", "the default of its parameter `limit` is 10.0, before 10", False),
        ("def work(rows, limit, *, key=None): pass", "its parameter `limit` must be given now", True),
        ("def work(rows, *, limit=10, key=None): pass", "its parameter `limit` can no longer be given by position", True),
        ("def work(rows, /, limit=10, *, key=None): pass", "its parameter `rows` can no longer be given by name", True),
        ("def work(rows, limit=10): pass", "its parameter `key` is gone", True),
        ("def work(rows): pass", "its parameter `limit` is gone", True),
        ("def work(rows, limit=10, *, key=None, how): pass", "its new parameter `how` must be given", True),
        ("def work(*args, **kwargs): pass", "its parameter `rows` is gone", True),
        ("work = len", "its parameter `rows` can no longer be given by name", False),
        ("work = print.__self__.dir", "it no longer says which parameters it takes", False),
    ],
)
def test_a_call_that_is_no_longer_possible_is_named(after: str, said: str, plain: bool) -> None:
    assert lost(ROWS, after) == said
    assert (written(ROWS, after) == {"equivalence.signature"}) == plain


@pytest.mark.parametrize(
    "after",
    [
        ROWS.replace("rows[:limit]", "[*rows][:limit]"),
        "def work(rows, limit=5 + 5, *, key=None): pass",
        "def work(rows: list, limit: int = 10, _len=len, *, key=None, fast=True) -> list: pass",
        "def work(rows, limit=10, *rest, key=None, **options): pass",
        "def work(rows, limit=10, key=None): pass",
        f"{ROWS}\nwork = functools.lru_cache(work)",
        f"@functools.lru_cache\n{ROWS}",
        f"{ROWS}\ninner = work\n@functools.wraps(inner)\ndef work(*args, **kwargs): pass",
        "def other(rows, limit=10, *, key=None): pass\nwork = other",
        "class Work:\n    def __call__(self, rows, limit=10, *, key=None): pass\nwork = Work()",
    ],
)
def test_taking_more_than_before_or_being_wrapped_is_no_loss(after: str) -> None:
    assert lost(ROWS, after) is None
    assert written(ROWS, after) == set()


def test_a_function_is_not_believed_what_it_says_of_itself() -> None:
    claims = f"{ROWS}\nclaimed = work\n@functools.wraps(claimed)\ndef work(r, *, cap=5): pass"

    assert lost(ROWS, claims) == "where its parameter `rows` was is `r` now"
    assert lost(ROWS, f"{claims}\nimport inspect\nwork.__signature__ = inspect.signature(claimed)") is not None


@pytest.mark.parametrize(
    ("before", "after", "fine"),
    [
        ("def work(a, *rest): pass", "def work(a, b=1, *rest): pass", False),
        ("def work(a, *rest): pass", "def work(a): pass", False),
        ("def work(a, **options): pass", "def work(a): pass", False),
        ("def work(a, **options): pass", "def work(a, *, fast=True, **options): pass", True),
        ("def work(a, /): pass", "def work(b, /): pass", True),
        ("def work(*args, **kwargs): pass", "def work(rows): pass", True),
        ("def work(seen={}, how=sorted): pass", "def work(seen={}, how=sorted): pass", True),
        ("def work(seen={}): pass", "def work(seen={1: 2}): pass", False),
        ("none = object()\ndef work(a=none): pass", "none = object()\ndef work(a=none): pass", True),
        ("def f(): return 1\ndef work(by=f): pass", "def f(): return 2\ndef work(by=f): pass", True),
    ],
)
def test_what_a_caller_would_notice_counts(before: str, after: str, fine: bool) -> None:
    assert (lost(before, after) is None) == fine


def test_a_default_that_is_another_one_in_each_process_is_nobodys_change() -> None:
    one, other, changed = (
        read(told(made(f"def work(rows, here={here!r}, limit={limit}): pass"))) for here, limit in (("a", 9), ("b", 9), ("c", 8))
    )

    names = varying(one, other)

    assert names == {"here"}
    assert narrowed(without(one, names), without(other, names)) is None
    assert (narrowed(without(one, names), without(changed, names)) or "").startswith("the default of its parameter `limit`")
    required = read(told(made("def work(rows, here, limit=9): pass")))
    assert narrowed(without(one, names), without(required, names)) == "its parameter `here` must be given now"


def test_a_methods_object_has_no_name_for_callers() -> None:
    before, after = (read(told(made(f"def work({own}, rows): pass"), method=True)) for own in ("self", "box"))

    assert before == after == [Parameter("rows")]


@pytest.mark.parametrize("nonsense", [None, 3, [3], [["a", "b", None]], [["a", "KEYWORD_ONLY", [1, 2]]], {"a": 1}])
def test_what_is_no_signature_is_none(nonsense: Any) -> None:
    assert read(nonsense) is None


SHELF = """
LIMIT = 3

def helper(x):
    return x

class Shelf:
    def fill(self): pass
    def empty(self): pass

def work(x):
    return helper(x)
"""


def test_what_else_a_change_defines_anew_is_a_note_with_names() -> None:
    after = SHELF.replace("3", "4").replace("helper", "new").replace("empty(self): pass", "empty(self): return 1")
    after = after.replace("fill(self): pass", 'fill(self):\n        """Nothing."""\n        pass  # yet')

    changes = [Change("m.py", SHELF.encode(), after.encode()), Change("n.py", None, b"def more(): pass")]
    found = compared(changes, Target("m.py", "work"))

    told = "also changes `LIMIT` in m.py, `helper` in m.py, `Shelf.empty` in m.py"
    assert [(note.code, note.text) for note in found.notes] == [("patch.beside", told)]
    assert found.reasons == ()


def test_a_change_to_the_target_alone_is_no_news() -> None:
    change = Change("m.py", SHELF.encode(), SHELF.replace("return helper(x)", "return x  # the same").encode())

    assert compared([change], Target("m.py", "work")).notes == ()
    assert [note.code for note in compared([change], Target("m.py", "Shelf.fill")).notes] == ["patch.beside"]


@pytest.mark.parametrize("content", [b"def f(:", b"x = " + b"-" * 90 + b"1", b"x = " + b"1 + " * 1500 + b"1", None, b"\0"])
def test_no_source_is_too_weird_to_be_looked_at(content: bytes | None) -> None:
    assert {*defined(content)} <= {"x"}
    compared([Change("m.py", content, b"x = 2\n"), Change("m.py", b"x = 2\n", content)], Target("m.py", "work"))
