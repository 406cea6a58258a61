"""Several versions of one project in one process, each with an import graph of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.probe.loading import locate

SCRIPT = """
import importlib, json, sys, types
sys.path.pop(0) if sys.path[0] == '' else None
package = types.ModuleType('hasten_probe'); package.__path__ = [sys.argv[1]]; sys.modules['hasten_probe'] = package
loading = importlib.import_module('hasten_probe.loading')
sides = loading.Sides(json.loads(sys.argv[2]), json.loads(sys.argv[3]), json.loads(sys.argv[4]))
loaded = sides.load()
answers = {}
for name, failure in list(loaded.items()) * 2:
    if failure is None:
        answers.setdefault(name, []).append(sides.activate(name)(1))
print(json.dumps({'loaded': loaded, 'answers': answers}))
"""


def load(sides, path, name):
    """Load the sides in a fresh interpreter and call the function of each twice, in turns."""
    probe = Path(__file__).parents[2] / "evaluation" / "probe"
    folders = {side: str(folder) for side, folder in sides.items()}
    words = [str(probe), json.dumps(list(sides)), json.dumps({"path": path, "name": name}), json.dumps(folders)]
    answer = subprocess.run([sys.executable, "-I", "-B", "-c", SCRIPT, *words], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def tree(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


PACKAGE = {
    "src/p/__init__.py": "",
    "src/p/m.py": "from p import h\ndef f(x):\n    from p.late import late\n    return h.scale(x) + late\n",
}


def version(tmp_path, name, factor):
    own = {"src/p/h.py": f"def scale(x):\n    return {factor} * x\n", "src/p/late.py": f"late = {factor} / 10\n"}
    return tree(tmp_path / name, {**PACKAGE, **own})


def test_each_side_sees_its_own_modules_also_those_imported_late(tmp_path):
    sides = {"baseline": version(tmp_path, "a", 2), "candidate": version(tmp_path, "b", 3)}

    found = load(sides, "src/p/m.py", "f")

    assert found["answers"] == {"baseline": [2.2, 2.2], "candidate": [3.3, 3.3]}


@pytest.mark.parametrize(("name", "expected"), [("C.static", 10), ("C.of_class", 11), ("C.Inner.static", 12)])
def test_dotted_names_are_found(tmp_path, name, expected):
    text = (
        "class C:\n    @staticmethod\n    def static(x):\n        return 10\n"
        "    @classmethod\n    def of_class(cls, x):\n        return 11\n"
        "    class Inner:\n        @staticmethod\n        def static(x):\n            return 12\n"
    )

    found = load({"baseline": tree(tmp_path, {"m.py": text})}, "m.py", name)

    assert found["answers"] == {"baseline": [expected, expected]}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def g(x): return x", "missing"),
        ("f = 3", "missing"),
        ("raise RuntimeError('no')", "import"),
        ("raise SystemExit(0)", "import"),
        ("import nothing_of_this_name", "import"),
        ("def f(:", "import"),
    ],
)
def test_what_cannot_be_loaded_is_a_typed_answer_and_hurts_no_other_side(tmp_path, text, code):
    sides = {"candidate": tree(tmp_path / "b", {"m.py": text}), "baseline": tree(tmp_path / "a", {"m.py": "def f(x): return x"})}

    found = load(sides, "m.py", "f")

    assert found["loaded"]["candidate"]["code"] == code
    assert found["answers"] == {"baseline": [1, 1]}


def test_a_missing_file_is_told_apart(tmp_path):
    assert load({"baseline": tree(tmp_path, {})}, "m.py", "f")["loaded"]["baseline"]["code"] == "missing"


def test_a_file_with_the_name_of_an_installed_module_is_not_mixed_up_with_it(tmp_path):
    found = load({"baseline": tree(tmp_path, {"json.py": "def loads(x): return x"})}, "json.py", "loads")

    assert found["loaded"]["baseline"]["code"] == "import-origin"


@pytest.mark.parametrize(
    ("path", "more", "name"),
    [
        ("src/acme/frames/sort.py", ["src/acme/frames/__init__.py"], "acme.frames.sort"),
        ("src/words.py", [], "words"),
        ("src/words.py", ["src/__init__.py"], "src.words"),
        ("pkg/signals/momentum.py", [], "pkg.signals.momentum"),
        ("services/pricing/pricing/grid.py", ["services/pricing/pricing/__init__.py"], "pricing.grid"),
        ("services/pricing/src/acme/grid.py", [], "acme.grid"),
        ("code/words.py", [], "words"),
        ("my-tools/words.py", [], "words"),
        ("my-tools.d/p/__init__.py", ["my-tools.d/p/__init__.py"], "p"),
    ],
)
def test_a_file_is_imported_by_the_name_that_the_projects_tests_use(tmp_path, path, more, name):
    tree(tmp_path, dict.fromkeys(more, ""))

    assert locate(str(tmp_path), path)[1] == name


def test_packages_without_an_init_file_may_import_relatively(tmp_path):
    files = {
        "acme/units.py": "factor = 7",
        "acme/frames/__init__.py": "",
        "acme/frames/sort.py": "from ..units import factor\ndef f(x): return factor * x",
    }

    found = []
    for below in ("", "src/"):
        folder = tree(tmp_path / f"in {below}", {below + name: text for name, text in files.items()})
        found.append(load({"baseline": folder}, f"{below}acme/frames/sort.py", "f")["answers"])

    assert found == [{"baseline": [7, 7]}] * 2


def test_of_several_names_the_failure_that_lies_in_the_code_is_told(tmp_path):
    files = {"acme/frames/__init__.py": "", "acme/frames/sort.py": "from ..units import nothing_here"}

    told = load({"baseline": tree(tmp_path, {**files, "acme/units.py": ""})}, "acme/frames/sort.py", "f")["loaded"]["baseline"]

    assert (told["code"], "nothing_here" in told["text"]) == ("import", True), told
