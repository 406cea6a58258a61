"""What a project's own check says to a result; one that errs on a candidate's has something against it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.probe import codec
from evaluation.probe.layout import dumps
from evaluation.probe.serving import Failed
from evaluation.probe.source import Source

CHECKS = """
def near(args, kwargs, result):
    return abs(result.real - 1) < 1e-9

def leaving(args, kwargs, result):
    raise SystemExit(0)

def by_numpy(args, kwargs, result):
    import numpy
    return numpy.float64(result) < 2

def maybe(args, kwargs, result):
    return 'yes'
"""


def asked(tmp_path: Path, check: str, result: object) -> str | None:
    (tmp_path / "checks.py").write_text(CHECKS)
    source = Source({"path": "m.py", "name": "work"}, {"baseline": str(tmp_path)})
    tree, buffers = codec.encode(result)
    words = {"function": {"path": "checks.py", "name": check}, "value": tree, "result": tree["root"]}
    return source.accept(words, [dumps(((), {})), *buffers])[0]["objection"]


@pytest.fixture(autouse=True)
def own_modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process that makes inputs has one project for life; ours has more."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.delitem(sys.modules, "checks", raising=False)
    yield
    sys.modules.pop("checks", None)


@pytest.mark.parametrize(
    ("check", "result", "said"),
    [
        ("near", 1.0, None),
        ("near", 2.0, "checks.py::near does not accept the result"),
        ("by_numpy", 1.0, None),
        ("by_numpy", 3.0, "checks.py::by_numpy does not accept the result"),
        ("near", None, "checks.py::near raised AttributeError: 'NoneType' object has no attribute 'real' on the result"),
        ("leaving", 1.0, "checks.py::leaving raised SystemExit: 0 on the result"),
        ("maybe", 1.0, "checks.py::maybe must return True or False, it returned str"),
        ("near", range(3), "checks.py::near can't be shown the result: a range can't be handed to a check"),
    ],
)
def test_a_check_that_does_not_bear_a_result_does_not_accept_it(tmp_path: Path, check: str, result: object, said: str | None):
    assert asked(tmp_path, check, result) == said


def test_a_check_that_is_nowhere_is_the_projects_mistake(tmp_path: Path):
    with pytest.raises(Failed, match="has no nowhere"):
        asked(tmp_path, "nowhere", 1.0)
