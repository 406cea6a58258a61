"""What a project builds in place is built for each side from its own files, and nothing else of a build is kept."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.project import judge_for, written
from evaluation import building
from evaluation.building import BuildFailed
from evaluation.judge import Depth, Judge
from evaluation.project import Project
from evaluation.scorecard import Outcome
from evaluation.target import Target
from sandbox.environment import Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox
from tests.furnished import Furnished
from tests.sandboxed import readable

SLOW = """
def work(seed, n):
    for turn in range(8):
        total = seed
        for _ in range(n):
            total = (total * 1103515245 + 12345) % 2147483648
    return total
"""
FAST = SLOW.replace("range(8)", "range(2)")
FILES = {
    ".hasten.yml": (
        "version: 1\nenvironment: {build: [python setup.py -q build_ext --inplace]}\ntests: {command: python checks.py}\n"
        "targets:\n  - {function: fast.pyx::work, inputs: benchmarks/inputs.py::seeds, sizes: {n: [800]}}\n"
    ),
    "benchmarks/inputs.py": (
        "from random import Random\n\ndef seeds(seed, n):\n    return (Random(seed).getrandbits(31), n), {}\n"
    ),
    "checks.py": "from fast import work\n\nassert work(3, 2) == work(3, 2)\n",
    "fast.pyx": SLOW,
    "setup.py": 'from Cython.Build import cythonize\nfrom setuptools import setup\n\nsetup(ext_modules=cythonize("fast.pyx"))\n',
}


@pytest.fixture(scope="module")
def compiled(bubblewrap: Sandbox, furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """A judge for a function of Cython's, built in place."""
    place = readable(tmp_path_factory.mktemp("compiled"))
    judge = judge_for(place, bubblewrap)
    python = furnished("cython", "setuptools")
    env = readable(python.parents[1])
    mounts = (*judge.environment.mounts, Mount(env, str(env)))
    (place / "project").mkdir()
    base = written(place / "project" / "base", FILES)
    return replace(
        judge,
        environment=Environment("cython", str(python), mounts, {}, judge.environment.versions),
        tree=base,
        project=Project.load(base),
        target=Target.parse("fast.pyx::work"),
    )


@pytest.mark.slow
def test_a_function_of_cython_is_judged_as_it_is_built_from_each_sides_files(compiled: Judge):
    texts = {
        "faster": FAST,
        "wrong": FAST.replace("12345", "12346"),
        "broken": FAST.replace("for turn in", "for turn of"),
    }
    baseline = compiled.baseline()

    cards = {
        name: compiled.evaluate(
            written(compiled.tree.parent / name, {**FILES, "fast.pyx": text}), {"fast.pyx": text.encode()}, baseline,
            depth=Depth.QUICK, seed=5,
        )
        for name, text in texts.items()
    }  # fmt: skip

    assert cards["faster"].equivalence.compared == cards["faster"].equivalence.inputs > 20
    assert cards["faster"].speedup is not None, cards["faster"].reasons
    assert cards["faster"].speedup.ratio > 2
    assert cards["wrong"].reasons[0].code == "equivalence.value"
    assert [(reason.code, "setup.py" in reason.text) for reason in cards["broken"].reasons] == [("build.failed", True)]
    assert cards["broken"].outcome is Outcome.REJECTED
    assert [*compiled.scratch.glob("built-*")] == []


@pytest.mark.slow
def test_compiled_modules_of_the_repository_itself_are_a_file_of_its_own_for_each_side(judge: Judge):
    (judge.tree / "fast.so").write_bytes(b"compiled")
    steps: list[str] = []

    with building.built(replace(judge, progress=steps.append).site, judge.tree) as (site, (candidate,)):
        files = [copy / "fast.so" for tree in (site.tree, candidate) for copy in site.copies[tree]]
        shown = site.launcher()._apart({"baseline": site.tree, "control": site.tree, "candidate": candidate})
        assert len({file.stat().st_ino for file in files}) == len(files) == 6
        assert len(set(shown.values())) == 3

    assert steps == []
    assert not site.tree.exists()


def test_only_plain_new_files_of_a_build_are_kept(tmp_path: Path):
    for name in ("pkg/fast.so", "build/lib/fast.so", "pkg/__pycache__/x.pyc", "a.egg-info/PKG", "_version.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link.so").symlink_to("/etc/passwd")
    (tmp_path / "away").symlink_to("/etc")

    assert sorted(building._plain(tmp_path)) == ["_version.py", "pkg/fast.so"]


def test_what_a_build_makes_is_laid_beside_a_candidates_files_and_over_none(tmp_path: Path):
    made = tmp_path / "made.so"
    made.write_text("made")
    tree = written(tmp_path / "tree", {"pkg/a.py": "", "other": ""})
    (tree / "linked").symlink_to(tmp_path)

    laid = building._laid(tree, {"pkg/deep/fast.so": made}, tmp_path / "laid")

    assert (laid / "pkg/deep/fast.so").read_text() == "made"
    for number, path in enumerate(("pkg/a.py", "other/fast.so", "linked/fast.so")):
        with pytest.raises(BuildFailed):
            building._laid(tree, {path: made}, tmp_path / f"again-{number}")
    assert not (tmp_path / "fast.so").exists()
