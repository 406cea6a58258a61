"""When two texts say the same."""

import pytest

from bot.editor.shape import shape

PLAIN = "def f(a, b=1):\n    total = a + b\n    return [total for x in a]\n"


@pytest.mark.parametrize(
    "same",
    [
        "# why\ndef f(a,b = 1) :\n\n    total = (a+b)  # sum\n    return [total\n        for x in a]\n",
        '"""Module."""\ndef f(a, b=1):\n    """Sum."""\n    total = a + b\n    return [total for x in a]\n',
        "def f(a: list[int], b: int = 1) -> list[int]:\n    total: int = a + b\n    return [total for x in a]\n",
    ],
)
def test_layout_docstrings_and_hints_do_not_count(same):
    assert shape(same) == shape(PLAIN)


@pytest.mark.parametrize("other", ["def f(a, b=2):\n    total = a + b\n    return [total for x in a]\n", PLAIN + "f(1)\n"])
def test_everything_that_runs_counts(other):
    assert shape(other) != shape(PLAIN)


def test_names_of_local_variables_count_only_where_asked_for():
    renamed = PLAIN.replace("total", "s").replace("for x", "for each")

    assert shape(renamed) != shape(PLAIN)
    assert shape(renamed, names=False) == shape(PLAIN, names=False)
    assert shape(PLAIN.replace("a", "q"), names=False) != shape(PLAIN, names=False)  # callers may name parameters


def test_hints_and_docstrings_count_where_asked_for():
    assert shape("def f(a: int): pass", hints=True) != shape("def f(a): pass", hints=True)
    assert shape('def f():\n  "a"\n  return 1', docs=True) != shape("def f(): return 1", docs=True)


def test_hints_of_class_attributes_always_count():
    assert shape("class A:\n    x: int = 1\n") != shape("class A:\n    x = 1\n")


def test_what_is_no_python_has_no_shape():
    assert shape("def f(:") is None and shape("x = " + "-" * 50_000 + "1") is None
