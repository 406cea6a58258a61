"""Static guards: new misdeeds are named, old ones are nobody's fault, and no file is too weird to be looked at."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.fence import TESTS, closed, editable, fenced, matches, overlaid
from evaluation.guard.guards import Change, changes, scan
from evaluation.guard.shadows import importing
from evaluation.project import Project
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Mount

PROJECT = Project.parse('paths: {editable: ["src/**"], fenced: ["tests/**", "bench/*.py"]}')
BEFORE = b"import os\n\ndef f(x):\n    return sorted(x)\n"


def codes(after: bytes, path: str = "src/a.py", before: bytes | None = BEFORE) -> set[str]:
    return {reason.code for reason in scan([Change(path, before, after)], PROJECT).reasons}


def noted(after: bytes) -> set[str]:
    return {reason.code for reason in scan([Change("src/a.py", BEFORE, after)], PROJECT).notes}


@pytest.mark.parametrize(
    ("code", "after"),
    [
        ("guard.timer", b"import time as t\nt.perf_counter = lambda: 0"),
        ("guard.timer", b"import time\nsetattr(time, 'perf_counter_ns', int)"),
        ("guard.timer", b"import time\ntime.time, x = int, 1"),
        ("guard.frame", b"import sys\nsys._getframe(1)"),
        ("guard.frame", b"from sys import _getframe as g\ng(1)"),
        ("guard.frame", b"import sys\ngetattr(sys, '_getframe')(1)"),
        ("guard.frame", b"import inspect\ninspect.stack()"),
        ("guard.frame", b"import gc\ngc.get_objects()"),
        ("guard.frame", b"import ctypes"),
        ("guard.frame", b"def f(e): return e.__traceback__.tb_frame.f_locals"),
        ("guard.identity", b"import sys\nsys.modules['numpy'] = None"),
        ("guard.identity", b"import builtins\nbuiltins.sorted = list"),
        ("guard.identity", b"import json\njson.dumps = str"),
        ("guard.identity", b"import copy\ndef f(x):\n    global copy\n    copy = x\n    copy.index = 1"),
        ("guard.identity", b"import copy\ndef f(x, *, copy=copy):\n    copy.copy = x"),
        ("guard.timer", b"import time\ndef f(x, time=time): time.perf_counter = x"),
        ("guard.identity", b"def f(x):\n    import json\n    json.dumps = json = x"),
        ("guard.identity", b"class A:\n    def __eq__(self, other): return True"),
        ("guard.identity", b"class A:\n    def __reduce__(self): return (int, ())"),
        ("guard.thread", b"import threading"),
        ("guard.thread", b"from concurrent.futures import ThreadPoolExecutor"),
        ("guard.process", b"import subprocess"),
        ("guard.process", b"import multiprocessing.pool"),
        ("guard.process", b"import os\nos._exit(0)"),
        ("guard.network", b"import socket"),
        ("guard.exit", b"import atexit"),
        ("guard.exit", b"import signal"),
        ("guard.startup", b"import sys\nsys.setprofile(None)"),
        ("guard.environment", b"import os\nFAST = os.environ.get('CI')"),
        ("guard.environment", b"import sys\nFAST = 'pytest' in sys.argv[0]"),
        ("guard.files", b"def f(x): return open('/tmp/x').read()"),
        ("guard.files", b"from pathlib import Path\ndef f(x): return Path('x').read_text()"),
        ("guard.dynamic-code", b"exec('x = 1')"),
        ("guard.dynamic-code", b"__import__('os')"),
        ("guard.dynamic-code", b"import importlib\ndef f(x): return importlib.import_module(x)"),
        ("guard.dynamic-code", b"from importlib import import_module as g"),
        ("guard.dynamic-code", b"import importlib.resources\nimportlib.import_module('o' + 's')"),
        ("guard.dynamic-code", b"import importlib.metadata\ndef f(x): return importlib.metadata.import_module(x)"),
        ("guard.identity", b"import importlib.metadata\ndef f(x): return importlib.metadata.sys.modules"),
        ("guard.identity", b"import urllib.parse\ndef f(x): return urllib.parse.sys.modules"),
        ("guard.network", b"import urllib.parse\ndef f(x): return urllib.request.urlopen(x)"),
        ("guard.dynamic-code", b"def f(x, compile=compile): return compile(x, '', 'exec')"),
        ("guard.dynamic-code", b"class A:\n    compile = 1\n    def f(self, x): return compile(x, '', 'exec')"),
        ("guard.dynamic-code", b"if 0:\n    def compile(x): pass\ndef f(x): return compile(x, '', 'exec')"),
        ("guard.dynamic-code", b"def compile(x): pass\ndel compile\ndef f(x): return compile(x, '', 'exec')"),
        ("guard.dynamic-code", b"def f(x):\n    global compile\n    compile = 1\n    return compile(x, '', 'exec')"),
        ("guard.dynamic-code", b"compile(open, '', 'exec')\ndef compile(x): pass"),
        ("guard.dynamic-code", b"def f(x): return [compile for x in compile(x, '', 'exec')]"),
        ("guard.files", b"def f(x):\n    from builtins import open\n    if 0: open = 1\n    return open(x)"),
        ("guard.thread", b"import logging\ndef f(x): return logging.threading.Thread(target=x)"),
        ("guard.thread", b"from logging import threading\ndef f(x): return threading.Thread(target=x)"),
        ("guard.environment", b"import random\ndef f(x): return random._os.environ"),
        ("guard.identity", b"import typing\ndef f(x): return typing.sys.modules[x]"),
        ("guard.result-channel", b"from hasten_probe import observe"),
        ("guard.gc", b"import gc\ngc.disable()"),
        ("guard.environment", b"import gc\ndef f(x): return g(x) if gc.isenabled() else x"),
        ("guard.environment", b"from gc import get_freeze_count as g\ndef f(x): return g()"),
        ("guard.environment", b"import sys\nFAST = not sys.flags.isolated"),
        ("guard.environment", b"import __main__\nFAST = 'probe' in vars(__main__)"),
        ("guard.environment", b"FAST = __file__.startswith('/sides/')"),
        ("guard.environment", b"FAST = '/sides/' in __file__"),
        ("guard.environment", b"import json\ndef f(x): return json.__file__[:3] == __spec__.origin[:3]"),
        ("guard.environment", b"def f(x): return f.__code__.co_filename.find('/sides/')"),
        ("guard.dynamic-code", b"import runpy\nrunpy.run_path('a.txt')"),
        ("guard.dynamic-code", b"import builtins\nbuiltins.exec('x = 1')"),
        ("guard.files", b"from pathlib import Path\ndef f(x): Path(x).open()"),
        ("guard.files", b"def f(x): return x.open(mode='ab')"),
        ("guard.files", b"def f(x): return (x / 'a').open('w')"),
        ("guard.files", b"import codecs\ndef f(x): return codecs.open(x)"),
        ("guard.files", b"from linecache import getlines"),
        ("guard.binary", b"\x7fELF\0\0"),
        ("patch.syntax", b"def f(:"),
        ("patch.too-large", b"#" * (3 << 20)),
    ],
)
def test_a_new_misdeed_is_named(code: str, after: bytes) -> None:
    assert code in codes(after)


@pytest.mark.parametrize(
    "after",
    [
        b"def f(x):\n    y = list(x)\n    y.sort()\n    return y",
        b"import numpy as np\n\ndef f(x):\n    a = np.asarray(x)\n    a[0] = a[1]\n    return a.tolist()",
        b"class Row:\n    def __eq__(self, other): return self.x == other.x",
        b"def f(days):\n    open, close = days[0], days[-1]\n    return [open + d for d in days if d > open or close]",
        b"def f(days, compile):\n    return (lambda x: compile(x))(days)",
        b"def compile(x):\n    return sorted(x)\n\ndef f(x):\n    return compile(x)",
        b"def f(days):\n    return [open - low for open, low in days]",
        b"def f(days):\n    for eval in days:\n        yield eval",
        b"def f(x):\n    try:\n        return x[0]\n    except IndexError as exec:\n        return str(exec)",
        b"import re\n\ndef f(x):\n    return re.compile(x)",
        b"import scipy\n\ndef f(x):\n    return scipy.signal.lfilter(x)",
        b"import json\n\ndef f(x):\n    return json.decoder.scanner",
        b"import importlib.metadata\nimport urllib.parse as u\n\ndef f(x):\n    return u.quote(importlib.metadata.version(x))",
        b"from importlib import resources\n\ndef f(x):\n    return resources.files(x)",
        b"def f(x):\n    seen = {}\n    for item in x:\n        seen[item] = 1\n    return list(seen)",
        b"import numba\n\n@numba.njit\ndef f(x):\n    return x",
        b"import os\n\ndef f(x):\n    return os.path.join(*x)",
        b"import os\n\nTABLE = os.path.join(os.path.dirname(__file__), 'table.csv')\nif not os.path.exists(TABLE): TABLE = None",
        b"if __name__ == '__main__':\n    print(f([2, 1]))",
        b"def f(shop, day):\n    return shop.open() or shop.open(day) or shop.open('monday')",
        b"import gc\n\ndef f(x):\n    gc.collect()",
        b"'time.time = 1; exec(1)'\n# import subprocess\n",
        b"def f(self):\n    self.time = 1",
        b"import copy\n\ndef f(frame):\n    copy = frame.sort_values('a')\n    copy.index = range(3)\n    return copy",
        b"import time\n\ndef f(rows, time=None):\n    rows.time = time\n    time.unit = time.scale['s'] = 1",
        b"import copy\n\ndef f(rows):\n    def g():\n        copy.seen = 1\n    for copy in rows:\n        g()",
    ],
)
def test_honest_code_is_left_alone(after: bytes) -> None:
    assert codes(after) == set()
    assert noted(after) == set()


@pytest.mark.parametrize(
    "after",
    [
        b"from functools import lru_cache\n\n@lru_cache\ndef f(x): return x",
        b"MEMO = {}\n\ndef f(x):\n    MEMO[x] = 1\n    return x",
        b"def f(x, memo={}):\n    return memo.setdefault(x, 1)",
        b"LAST = None\n\ndef f(x):\n    global LAST\n    LAST = x",
        b"from settings import CACHE\n\ndef f(x):\n    CACHE[x] = 1",
    ],
)
def test_what_outlives_a_call_is_noted_but_no_reason_by_itself(after: bytes) -> None:
    assert noted(after) == {"guard.cache"}
    assert codes(after) == set()


def test_threads_are_noted_where_the_project_lets_calls_use_several() -> None:
    several = Project.parse("environment: {threads: 4}")
    after = b"from concurrent.futures import ThreadPoolExecutor\nimport threading, joblib"

    found = scan([Change("src/a.py", BEFORE, after)], several)

    assert (found.reasons, {note.code for note in found.notes}, len(found.notes)) == ((), {"guard.thread"}, 3)
    refused = scan([Change("src/a.py", BEFORE, after)], PROJECT).reasons
    assert {reason.code for reason in refused} == {"guard.thread"}
    assert all("`environment.threads` in `.hasten.yml`" in reason.text for reason in refused)


def test_what_the_base_commit_did_already_is_nobodys_fault() -> None:
    old = b"import threading, os\nclass A:\n    def __reduce__(self): return (int, ())\n"

    assert codes(old + b"\nx = 1\n", before=old) == set()
    moved = [Change("src/a.py", old, b"x = 1\n"), Change("src/b.py", None, old)]
    assert scan(moved, PROJECT).reasons == ()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("tests/test_a.py", "guard.fenced-path"),
        ("TESTS/test_a.py", "guard.fenced-path"),
        ("bench/x.py", "guard.fenced-path"),
        ("src/deep/conftest.py", "guard.fenced-path"),
        ("sitecustomize.py", "guard.fenced-path"),
        ("src/x.pth", "guard.fenced-path"),
        ("pyproject.toml", "guard.fenced-path"),
        (".pytest.toml", "guard.fenced-path"),
        ("src/pkg/tests/test_a.py", "guard.fenced-path"),
        ("src/pkg/test/data.json", "guard.fenced-path"),
        ("src/test_a.py", "guard.fenced-path"),
        ("src/a_test.py", "guard.fenced-path"),
        (".hasten.yml", "guard.fenced-path"),
        ("other/a.py", "guard.not-editable"),
        ("src/numpy.py", "guard.import-origin"),
        ("src/json/__init__.py", "guard.import-origin"),
        ("src/iniconfig.py", "guard.import-origin"),
        ("packaging/__init__.py", "guard.import-origin"),
    ],
)
def test_some_paths_are_not_for_candidates(path: str, code: str) -> None:
    assert code in codes(b"x = 1\n", path, before=None)


def test_a_new_dependency_is_refused_with_what_to_do() -> None:
    pinned, settings = (scan([Change(path, b"a", b"b")], PROJECT).reasons[0].text for path in ("requirements-dev.txt", "tox.ini"))

    assert "add it on the default branch first" in pinned
    assert settings == "tox.ini is fenced off"


def test_a_file_that_is_no_test_is_called_by_its_name_to_be_editable() -> None:
    path = "src/stats/sign_test.py"
    named = Project.parse(f'paths: {{editable: ["src/**", "{path}"], fenced: ["bench/**"]}}')
    both = Project.parse(f'paths: {{editable: ["**", "{path}"], fenced: ["src/stats/**"]}}')

    refused = scan([Change(path, b"x = 1\n", b"x = 2\n")], PROJECT).reasons[0].text
    assert refused == f"{path} is fenced off, since tests are called so: if it is none, name the file itself in `paths.editable`"
    assert editable(path, named) and scan([Change(path, b"x = 1\n", b"x = 2\n")], named).reasons == ()
    assert fenced(path, both)
    assert not any(fenced(each, PROJECT) for each in ("src/testing.py", "src/test.py", "src/latest.py", "src/contest/a.py"))


def test_what_is_installed_and_where_modules_are_imported_from_decides_what_a_new_file_hides(tmp_path: Path) -> None:
    base, packages = tmp_path / "base", tmp_path / "env" / "lib" / "python3.12" / "site-packages"
    for file in (base / "app" / "m.py", base / "own" / "data", packages / "six.py", packages / "yaml" / "__init__.py"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    versions = {"python": "3.12", "tz-data": "1", "own": "1"}
    environment = Environment("", "/env/bin/python", (Mount(tmp_path / "env", "/env"),), {}, versions)

    found = importing(base, Target.parse("app/m.py::f"), environment, None)

    for path in ("six.py", "app/yaml/__init__.py", "src/tz_data.py", "app/json.py", "iniconfig.py"):
        assert found.hides(path), path
    for path in ("app/six/more.py", "lib/six.py", "own/__init__.py", "app/python.py", "six.txt", "app/fast.py"):
        assert not found.hides(path), path
    (base / "app" / "__init__.py").touch()
    assert not importing(base, Target.parse("app/m.py::f"), environment, None).hides("app/json.py")


def test_patterns_know_folders_and_names() -> None:
    assert matches("src/a/b.py", "src/**")
    assert matches("a/b/c.py", "**/*.py")
    assert matches("c.py", "**/c.py")
    assert matches("docs/x", "docs/")
    assert not matches("src/a/b.py", "src/*.py")
    assert not matches("srcs/a.py", "src/**")
    assert editable("src/a.py", PROJECT) and not editable("src/conftest.py", PROJECT)
    assert fenced("tests/a/b/c.json", PROJECT) and not fenced("src/tests.py", PROJECT)


def test_an_empty_change_is_named() -> None:
    assert {reason.code for reason in scan([], PROJECT).reasons} == {"patch.empty"}


@settings(max_examples=60, deadline=None)
@given(after=st.binary(max_size=80) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")))
def test_no_file_is_too_weird(after: bytes) -> None:
    assert all(reason.text for reason in scan([Change("src/a.py", BEFORE, after)], PROJECT).reasons)


def write(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_py", ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_changes_between_two_trees_are_found_links_and_all(tmp_path: Path) -> None:
    base = write(tmp_path / "base", a_py="1", src__b_py="2", src__c_py="3")
    tree = write(tmp_path / "tree", a_py="1", src__b_py="5", src__d_py="4")
    (tree / "link").symlink_to("/etc/passwd")

    found = {change.path: (change.before, change.after) for change in changes(base, tree)}

    assert found == {
        "src/b.py": (b"2", b"5"),
        "src/c.py": (b"3", None),
        "src/d.py": (None, b"4"),
        "link": (None, b"link to /etc/passwd"),
    }


def test_a_candidate_is_tested_with_the_base_commits_tests(tmp_path: Path) -> None:
    base = write(tmp_path / "base", src__a_py="1", tests__test_a_py="honest", tests__deep__data="1")
    tree = write(tmp_path / "tree", src__a_py="2", tests__test_a_py="lenient", conftest_py="cheat")
    (tree / "tests" / "deep").symlink_to("/etc")

    laid = overlaid(tree, base, PROJECT, tmp_path / "laid")

    assert (laid / "src" / "a.py").read_text() == "2"
    assert (laid / "tests" / "test_a.py").read_text() == "honest"
    assert (laid / "tests" / "deep" / "data").read_text() == "1"
    assert not (laid / "conftest.py").exists()
    assert (tree / "conftest.py").exists(), "the candidate's own tree stays as it is"


def test_a_candidate_that_leaves_the_fence_alone_is_not_copied(tmp_path: Path) -> None:
    base = write(tmp_path / "base", src__a_py="1", tests__test_a_py="honest")
    tree = write(tmp_path / "tree", src__a_py="2", tests__test_a_py="honest")

    assert overlaid(tree, base, PROJECT, tmp_path / "laid") == tree


def test_code_that_is_compiled_is_a_note_since_nobody_reads_it():
    found = scan([Change("fast/sort.pyx", b"def sort(x): return x", b"def sort(x): return +x")], Project.default())

    assert found.reasons == ()
    assert [note.text for note in found.notes] == ["fast/sort.pyx is compiled: nobody read it"]


def test_who_proposes_is_told_where_tests_lie_unless_the_project_says_that_one_is_none() -> None:
    named = Project.parse('paths: {editable: ["**", "src/sign_test.py"], fenced: ["bench/**"]}')

    assert closed(PROJECT) == ("tests/**", "bench/*.py", *TESTS)
    assert closed(named) == ("bench/**", "**/test_*.py", "**/tests/**", "**/test/**")
