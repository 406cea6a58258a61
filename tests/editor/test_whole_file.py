"""Whole files: nothing may get lost unannounced."""

from bot.editor.applier import Refused, apply
from bot.editor.edits import Whole

BEFORE = """import math

LIMIT = 3


class Box:
    def size(self):
        return 1

    def name(self):
        return 'box'


def area(r):
    scale = 2
    return scale * math.pi * r
"""


def whole(content, **announced):
    answer = apply([Whole("shapes.py", content, **announced)], {"shapes.py": BEFORE.encode()}.get)
    return answer.refusals[0] if isinstance(answer, Refused) else answer[0].new_content.decode()


def test_a_complete_file_replaces_the_old_one():
    assert whole(BEFORE.replace("math.pi * r", "math.pi * r * r")).endswith("math.pi * r * r\n")


def test_a_function_that_went_missing_is_named():
    refusal = whole(BEFORE[: BEFORE.index("\n\ndef area")] + "\n\nWIDTH = 1\n")

    assert refusal.code == "vanished" and "area" in refusal.text


def test_a_method_that_went_missing_is_named():
    refusal = whole(BEFORE.replace("    def name(self):\n        return 'box'\n", "    label = 'box'\n    other = 2\n"))

    assert refusal.code == "vanished" and "Box.name" in refusal.text


def test_what_is_announced_may_go():
    content = BEFORE[: BEFORE.index("\n\ndef area")] + "\n\nWIDTH = 1\n"

    assert whole(content, removes=("area",)) == content


def test_a_file_that_shrinks_much_must_say_so():
    content = "import math\n\nLIMIT = 3\n"
    names = ("Box", "Box.size", "Box.name", "area")

    assert whole(content, removes=names).code == "shrunk"
    assert whole(content, removes=names, shrinks=True) == content


def test_a_placeholder_for_the_rest_is_refused():
    assert whole(BEFORE.replace("LIMIT = 3", "LIMIT = 4\n# rest of the file")).code == "elision"


def test_a_file_cut_in_the_middle_is_refused():
    assert whole(BEFORE[:-3]).code == "syntax"
