"""`.hasten.yml`: read as documented; whatever is wrong is named with its line and what to write instead."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.fields import Weight
from evaluation.policy import Level, Policy, Relaxation
from evaluation.project import Project
from evaluation.refusals import BadProject
from evaluation.target import Target

WHOLE = """
version: 1
environment:
  image: python:3.12-slim
  python: "3.12"
  setup: ["pip install -e .[test]"]
  threads: 1
tests:
  command: "python -m pytest -q"
  select: ["tests/test_sort.py"]
targets:
  - function: src/frames/sort.py::sort_frame
    reference: src/frames/reference.py::sort_frame
    inputs: benchmarks/inputs.py::frames
    sizes: {rows: [1000, 10000, 100000], features: [4, 16]}
    equivalence: numeric
hardware: {arch: x86_64, isa: {require: [avx2]}, cores: {min: 2}, on_mismatch: relabel}
objective:
  score: weighted
  weights: {rows=100000: 3}
  claim: 0.03
  worth: 0.05
search: {strategy: hybrid, agents: [native, recipes], parallel: 3, rounds: 4, trigger: change, edit: auto}
budget: {minutes: 30, usd: 5.00, tokens: 2000000, calls: 300}
paths: {editable: ["src/**"], fenced: ["tests/**", "benchmarks/**", ".hasten.yml"]}
"""
SORT = Target("src/frames/sort.py", "sort_frame")


def test_the_documented_file_is_read() -> None:
    project = Project.parse(WHOLE)

    settings = project.target_settings(SORT)
    assert settings.reference == Target("src/frames/reference.py", "sort_frame")
    assert settings.sizes == {"rows": (1000, 10000, 100000), "features": (4, 16)}
    assert settings.equivalence == Policy(Level.NUMERIC)
    assert project.objective.weights == (Weight({"rows": 100000}, 3),)
    assert project.hardware.isa.require == ("avx2",)
    assert project.budget.usd == 5.0
    assert project.paths.fenced == ("tests/**", "benchmarks/**", ".hasten.yml")


@pytest.mark.parametrize("text", ["", "version: 1", "# nothing"])
def test_everything_is_optional(text: str) -> None:
    assert Project.parse(text) == Project.default()


def test_a_function_without_settings_gets_the_defaults() -> None:
    settings = Project.parse(WHOLE).target_settings(Target("a.py", "f"))

    assert (settings.inputs, settings.reference, settings.equivalence) == (None, None, Policy())


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        ("strict", Policy(Level.STRICT)),
        ("{relax: [row-order, dtype-widening]}", Policy().relax(Relaxation.ROW_ORDER, Relaxation.DTYPE_WIDENING)),
        ("{check: benchmarks/inputs.py::accept}", Policy(check="benchmarks/inputs.py::accept")),
    ],
)
def test_equality_is_chosen_per_function(text: str, policy: Policy) -> None:
    project = Project.parse(f"targets: [{{function: a.py::f, equivalence: {text}}}]")

    assert project.target_settings(Target("a.py", "f")).equivalence == policy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("vesion: 1", "line 1: unknown key `vesion`; did you mean `version`?"),
        ("version: 2", "line 1: `version` is `2`; write 1"),
        ("version: true", "line 1: `version` is `true`; write 1"),
        ("\nenvironment: {pyton: x}", "line 2: unknown key `environment.pyton`; did you mean `python`?"),
        ("environment: {python: 3.10}", "put the version in quotes"),
        (
            'tests: {command: "cd services/pricing && pytest -q"}',
            "`cd services/pricing && pytest -q` can't be read: tests are run",
        ),
        ('tests: {command: "pytest -q | tee log"}', "line 1: `tests.command`: `pytest -q | tee log` can't be read"),
        ('tests: {command: "PYTHONPATH=$PWD/src pytest"}', "write variables out in front"),
        (
            "targets:\n  - function: a.py::f\n    szies: {rows: [1]}",
            "unknown key `targets.0.szies`; did you mean `sizes`?",
        ),
        ("targets:\n  - function: af", "line 2: `targets.0.function`: `af` is no target"),
        ("targets:\n  - sizes: {n: [1]}", "line 2: `targets.0` needs `function`"),
        ("targets:\n  - function: ../a.py::f", "leaves the project"),
        (
            "targets:\n  - function: a.py::f\n    equivalence: numerc",
            "line 3: `targets.0.equivalence`: `numerc` is not known",
        ),
        ("targets:\n  - function: a.py::f\n    equivalence: {relax: [row-ordr]}", "did you mean `row-order`?"),
        ("targets:\n  - {function: a.py::f}\n  - {function: a.py::f}", "`a.py::f` is there twice"),
        ("targets:\n  - function: a.py::f\n    sizes: {rows: [0]}", "line 3: `targets.0.sizes.rows.0`"),
        (
            "targets:\n  - function: a.py::f\n    sizes: {rows: [4]}",
            "line 2: `targets.0`: `sizes` are handed to a generator; name it",
        ),
        ("targets:\n  - function: a.py::f\n    sizes: {seed: [1]}", "line 3: `targets.0.sizes.seed`: `seed` is no size"),
        ("targets:\n  - function: a.py::f\n    sizes: {rows count: [1]}", "`rows count` is no name of a parameter"),
        ("targets:\n  - function: a.py::f\n    sizes: {rows: [10000000000000]}", "line 3: `targets.0.sizes.rows.0`"),
        ("search: {strategy: hybird}", "did you mean `hybrid`?"),
        ("search: {trigger: sometimes}", "`sometimes` is none of"),
        ("objective: {weights: {rows-1: 3}}", "`rows-1` is no size"),
        ("objective: {weights: {rows=1: much}}", "a weight is a number"),
        ("budget: {minutes: .inf}", "line 1: `budget.minutes`"),
        ("objective: {capacity_s: 0}", "line 1: `objective.capacity_s`"),
        ("objective: {memory: -1}", "line 1: `objective.memory`"),
        ("hardware: {isa: {level: v3}}", "write `x86-64-v1`"),
        ("hardware: {cache: {l2: {min: 1}}}", "unknown key `hardware.cache.l2`; did you mean `l2_kib`?"),
        ("hardware: {runtime: {python: '3.12'}}", "write it as `>=3.11,<3.14`"),
        ("hardware: {probe: {sort: {tol: 0.1}}}", "say `ref` (with `tol`) or `min`"),
        ("hardware: {probe: {spin: {min: 1}}}", "hardware.probe"),
        ("paths: {editable: [/etc/**]}", "leaves the project"),
        ("a: 1\na: 2", "line 2: `a` is there twice"),
        ("x: &a [1]\ny: *a", "anchors and aliases are not supported"),
        ("x: !!python/name:os.system", "this is no YAML"),
        ("- 1", "keys and values expected"),
        ("[", "this is no YAML"),
        ("a: \x00", "this is no YAML"),
        ("[" * 100, "too deeply nested"),
        ("a: 1 #" + "x" * 70_000, "larger than 64 KiB"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadProject) as caught:
        Project.parse(text)

    assert str(caught.value).startswith(".hasten.yml, line ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_switch_may_be_written_as_yaml_reads_it() -> None:
    assert Project.parse("hardware: {smt: off}").hardware.smt == "off"


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60) | st.binary(max_size=60))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    try:
        Project.parse(text)
    except BadProject as error:
        assert "line" in str(error)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("version: 1")
    (tmp_path / ".hasten.yml").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(BadProject, match="plain file"):
        Project.load(tmp_path)
