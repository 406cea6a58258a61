"""When two texts say the same."""

from itertools import product

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


CLOSURE = """
def f(p):
    {} = 1
    def g():
        {} = 2
        return [{}, {}]
    return g() + [{}] + [{} for {} in (3, 4)]
"""
NESTED = """
def f(p):
    {} = 1
    class C:
        {} = 2
        def m(self):
            return (lambda: [{}])()
    def g():
        nonlocal {}
        {} = 4
    g()
    return C().m() + [{}] + [{} for {} in (5,)]
"""


def outcome(source):
    names = {"a": "A", "b": "B"}
    try:
        exec(source, names)
        return names["f"](0)
    except (SyntaxError, UnboundLocalError, NameError) as error:
        return type(error)


@pytest.mark.parametrize("frame", [CLOSURE, NESTED])
def test_whatever_has_one_shape_but_for_its_names_does_one_thing(frame):
    alike = {}
    for names in product("ab", repeat=frame.count("{}")):
        source = frame.format(*names)
        if (found := outcome(source)) is not SyntaxError:
            alike.setdefault(shape(source, names=False), []).append(found)

    assert max(map(len, alike.values())) > 1, "names of local variables do not count"
    assert all(each == group[0] for group in alike.values() for each in group)


def test_a_closure_that_uses_another_variable_is_another_shape():
    source = "def f():\n    a = 1\n    def g():\n        b = 2\n        return {} + b\n    return g()\n"

    assert shape(source.format("a"), names=False) != shape(source.format("b"), names=False)
