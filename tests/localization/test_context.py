"""What an agent is shown of a project, and what it is told it was not shown."""

import pytest

from bot.localization.context import Context, pack
from bot.localization.map import Map
from evaluation.target import Target
from tests.localization.projects import plant

SMALL = {
    "src/a.py": "from b import helper, Table\n\ndef hot(t: Table):\n    return helper(t)\n",
    "src/b.py": """from c import LIMIT

class Table:
    rows: int

def helper(t):
    return inner(t) + LIMIT

def inner(t):
    return 1

def other():
    return 2
""",
    "src/c.py": "LIMIT = 3\nNOISE = 4\n",
    "bench/inputs.py": "from b import Table\n\ndef make(rows, seed):\n    return Table()\n",
    "tests/test_a.py": "from a import hot\n\ndef test_hot():\n    assert hot(None) == 4\n\ndef test_nothing():\n    pass\n",
    "src/main.py": "import a\n\ndef main():\n    return a.hot(None)\n",
}
HOT = Target("src/a.py", "hot")


def shown(context: Context) -> list[tuple[str, str]]:
    return [(piece.role, str(piece)) for piece in context.pieces]


def test_a_small_file_is_shown_whole_and_its_surroundings_piece_by_piece(tmp_path):
    context = pack(Map.of(plant(tmp_path, SMALL)), HOT, inputs=[Target("bench/inputs.py", "make")])

    assert shown(context) == [
        ("target", "src/a.py"),
        ("data", "src/b.py::Table"),
        ("uses", "src/b.py::helper"),
        ("inputs", "bench/inputs.py::make"),
        ("test", "tests/test_a.py::test_hot"),
        ("caller", "src/main.py::main"),
        ("uses", "src/b.py::inner"),
        ("data", "src/c.py::LIMIT"),
    ]
    assert context.left_out == () and context.more == 0


def test_what_there_is_no_room_for_is_named(tmp_path):
    context = pack(Map.of(plant(tmp_path, SMALL)), HOT, tokens=80)

    assert context.tokens <= 80
    assert context.left_out and {str(piece) for piece in context.left_out}.isdisjoint(str(piece) for piece in context.pieces)


@pytest.mark.slow
def test_of_a_huge_file_only_what_matters_is_shown(tmp_path):
    noise = "".join(f"def noise_{n}(x):\n    return x + {n}\n\n" for n in range(6600))
    huge = (
        f"import math\n\n{noise}class Model:\n    rate: int = 1\n\n    def fit(self, x):\n        return near(x) * self.rate\n\n"
    )
    huge += "    def unused(self):\n        return 1\n" * 60 + "\ndef near(x):\n    return math.sqrt(x)\n"
    assert huge.count("\n") > 19_900
    context = pack(Map.of(plant(tmp_path, {"big.py": huge})), Target("big.py", "Model.fit"))

    assert shown(context) == [
        ("target", "big.py::Model.fit"),
        ("imports", "big.py::imports"),
        ("data", "big.py::Model"),
        ("uses", "big.py::near"),
    ]
    assert context.pieces[2].lines < 5 and context.tokens < 300


def test_a_target_larger_than_the_budget_is_shown_from_its_beginning(tmp_path):
    body = "".join(f"    x += {n}\n" for n in range(2000))
    context = pack(Map.of(plant(tmp_path, {"a.py": f"def f(x):\n{body}    return x\n"})), Target("a.py", "f"), tokens=1000)

    (piece,), (rest,) = context.pieces, context.left_out
    assert (piece.first, rest.first, rest.last) == (1, piece.last + 1, 2002) and context.tokens <= 1000


def test_a_target_that_does_not_exist_has_no_context(tmp_path):
    assert pack(Map.of(tmp_path), Target("a.py", "f")).pieces == ()


def test_a_helper_that_no_test_calls_comes_with_the_tests_of_its_callers(tmp_path):
    uses = {"tests/test_b.py": "from b import helper\n\ndef test_helper():\n    assert helper(1)\n"}

    context = pack(Map.of(plant(tmp_path, {**SMALL, **uses})), Target("src/b.py", "inner"))

    assert ("test", "tests/test_b.py::test_helper") in shown(context)
