"""Replacing a definition by its name: everything around it stays."""

import pytest

from bot.editor.applier import Refused, apply
from bot.editor.edits import Symbol

FILE = '''import functools

# counts
@functools.cache
def count(x):  # slow
    return x

class Box:
    # sized
    @property
    def size(self):
        return count(1)

    def text(self):
        return """a
  b"""

    def last(self): return 1'''


def symbol(name, source, before=FILE):
    answer = apply([Symbol("box.py", name, source)], {"box.py": before.encode()}.get)
    return answer.refusals[0] if isinstance(answer, Refused) else answer[0].new_content.decode()


def test_decorators_and_comments_around_a_function_stay():
    assert symbol("count", "def count(x):\n    return x + 1\n") == FILE.replace(
        "def count(x):  # slow\n    return x\n", "def count(x):\n    return x + 1\n"
    )


def test_new_decorators_replace_the_old_ones():
    after = symbol("Box.size", "@functools.cached_property\ndef size(self):\n    return 2")

    assert "    # sized\n    @functools.cached_property\n    def size(self):\n        return 2\n\n" in after
    assert "@property" not in after


def test_strings_that_are_data_are_not_moved_by_the_new_margin():
    after = symbol("Box.text", 'def text(self):\n    """Says.\n\n    More.\n    """\n    return """c\n d"""')

    assert '        """Says.\n\n        More.\n        """\n        return """c\n d"""\n' in after


def test_the_last_line_of_a_file_without_a_newline_is_replaced():
    assert symbol("Box.last", "def last(self):\n    return 2").endswith("    def last(self):\n        return 2")


def test_windows_line_ends_are_kept():
    after = symbol("count", "def count(x):\n    return 2", FILE.replace("\n", "\r\n"))

    assert "def count(x):\r\n    return 2\r\n\r\nclass Box" in after and "\n" not in after.replace("\r\n", "")


def test_a_file_indented_with_tabs_keeps_its_margin():
    after = symbol("A.f", "def f(self):\n\treturn 2", "class A:\n\tdef f(self):\n\t\treturn 1\n")

    assert after == "class A:\n\tdef f(self):\n\t\treturn 2\n"


def test_an_unknown_name_is_refused_with_the_names_there_are():
    refusal = symbol("Box.sise", "def sise(self): ...")

    assert refusal.code == "symbol" and "`Box.size`" in refusal.text


def test_a_name_defined_twice_is_refused_with_its_lines():
    refusal = symbol("f", "def f(): return 3", "if x:\n    def f(): return 1\nelse:\n    def f(): return 2\n")

    assert refusal.code == "symbol" and "lines 2, 4" in refusal.text


@pytest.mark.parametrize("source", ["def other(x): ...", "def count(x): ...\nx = 1", "count = 1", ""])
def test_the_source_must_be_that_definition_and_nothing_else(source):
    assert symbol("count", source).code == "symbol"


def test_source_that_does_not_parse_is_refused():
    assert symbol("count", "def count(x:").code == "syntax"
