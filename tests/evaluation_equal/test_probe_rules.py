"""What runs beside the judged code keeps to its rules: old Python, standard library only, nothing loaded for nothing."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROBE = Path(__file__).parents[2] / "evaluation" / "probe"
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
