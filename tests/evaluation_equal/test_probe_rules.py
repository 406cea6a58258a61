"""What runs beside the judged code keeps to its rules: old Python, standard library only, nothing loaded for nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.correctness import observer
from evaluation.probe import serving

ROOT = Path(__file__).parents[2]
PROBE = ROOT / "evaluation" / "probe"
FILES = sorted(PROBE.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_probe_file_is_python_3_9_and_imports_the_standard_library_only(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 9))

    found = {alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    found |= {
        str(node.module).partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level
    }
    assert found <= set(sys.stdlib_module_names)


def test_observing_a_plain_function_loads_neither_numpy_nor_pandas() -> None:
    call = "from evaluation.probe.observe import observe\nobserve(sorted, ([3, 1],), {})"
    ask = "import sys\nprint({'numpy', 'pandas'} & set(sys.modules))"

    words = [sys.executable, "-c", f"{call}\n{ask}"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=PROBE.parents[1], timeout=60)

    assert done.stdout.strip() == "set()", done.stderr


def test_two_files_of_one_module_name_are_told_apart(tmp_path: Path) -> None:
    for path, text in {
        "x.py": "def f(): return 1",
        "benchmarks/x.py": "def g(): return 2",
        "src/x.py": "def h(): return 3",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    asked = (
        "import sys; sys.path[:0] = sys.argv[1:2]\nfrom evaluation.probe import loading\n"
        "def ask(path, name): return loading.resolve(loading.Side('baseline', {'path': path, 'name': name}, sys.argv[1]))()\n"
        "print(ask('x.py', 'f'), ask('benchmarks/x.py', 'g'), ask('src/x.py', 'h'))"
    )

    done = subprocess.run([sys.executable, "-c", asked, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout.split() == ["1", "2", "3"], done.stderr


def test_an_error_that_no_handler_foresaw_is_an_answer_with_a_name() -> None:
    told, _ = serving.answer(lambda _header, _buffers: [][1], {}, ())

    assert told["failed"] == serving.UNEXPECTED
    assert told["text"].startswith("IndexError: list index out of range (test_probe_rules.py:")
    found = observer.answered(told, ())
    assert isinstance(found, observer.Lost)
    assert (found.code, found.text[:28]) == ("equivalence.unclear", "the call can't be looked at:")
