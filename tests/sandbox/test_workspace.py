"""Trees that foreign code has touched: what it changed is read, what it planted is refused."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.git import Repository
from sandbox.paths import UnsafePath, checked
from sandbox.workspace import WorkspaceError, copy, difference, patch, write


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "a.py").write_text("one\n")
    (folder / "run.sh").write_text("exit\n")
    (folder / "run.sh").chmod(0o755)
    (folder / "alias").symlink_to("src/a.py")
    return folder


@pytest.fixture
def other(tree: Path, tmp_path: Path) -> Path:
    return copy(tree, tmp_path / "other")


def test_a_copy_differs_in_nothing(tree, other):
    assert difference(tree, other) == {}


def test_a_difference_written_elsewhere_makes_the_same_tree(tree, other, tmp_path):
    (other / "src" / "a.py").write_text("two\n")
    (other / "new" / "deep").mkdir(parents=True)
    (other / "new" / "deep" / "b").write_bytes(b"\0\xff")
    (other / "run.sh").unlink()
    third = copy(tree, tmp_path / "third")

    changes = difference(tree, other)
    write(third, changes)

    assert changes == {"run.sh": None, "new/deep/b": b"\0\xff", "src/a.py": b"two\n"}
    assert difference(other, third) == {}


def test_caches_do_not_count(tree, other):
    for name in ("__pycache__", "src/__pycache__", ".pytest_cache", ".hypothesis"):
        (other / name).mkdir()
        (other / name / "x.pyc").write_text("x")

    assert difference(tree, other) == {}


@pytest.mark.parametrize("kind", ["link", "folder link", "pipe", "changed link", "file made a link", "link made a file"])
def test_links_and_special_files_are_refused_by_name(tree, other, kind):
    match kind:
        case "link":
            (other / "planted").symlink_to("/etc/passwd")
        case "folder link":
            (other / "planted").symlink_to("/etc")
        case "pipe":
            os.mkfifo(other / "planted")
        case "changed link":
            (other / "alias").unlink()
            (other / "alias").symlink_to("run.sh")
        case "file made a link":
            (other / "run.sh").unlink()
            (other / "run.sh").symlink_to("src/a.py")
        case "link made a file":
            (other / "alias").unlink()
            (other / "alias").write_text("x")

    with pytest.raises(WorkspaceError, match=r"planted|alias|run\.sh"):
        difference(tree, other)


def test_writing_does_not_follow_a_planted_link(tree, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (tree / "folder").symlink_to(outside)
    (tree / "file").symlink_to(outside / "file")

    for name in ("folder/x", "file"):
        with pytest.raises(WorkspaceError, match=name):
            write(tree, {name: b"x"})
    assert list(outside.iterdir()) == []


def test_a_pipe_planted_where_we_write_does_not_make_us_wait(tree):
    os.mkfifo(tree / "pipe")

    with pytest.raises(WorkspaceError):
        write(tree, {"pipe": b"x"})


@pytest.mark.slow
def test_a_patch_applies_to_a_repository_that_holds_the_tree(tree, other, tmp_path):
    (other / "src" / "a.py").write_text("two\n")
    (other / "new.py").write_text("print()\n")
    (other / "run.sh").unlink()
    repository = Repository.open_or_create(tmp_path / "ours")
    held = repository.tree(None, {"src/a.py": b"one\n", "run.sh": b"exit\n"}, frozenset({"run.sh"}))

    made = patch(tree, other)

    assert repository.apply(held, made) == {"src/a.py": b"two\n", "new.py": b"print()\n", "run.sh": None}


@pytest.mark.slow
def test_a_patch_has_a_bound(tree, other):
    (other / "big").write_bytes(os.urandom(4096))

    with pytest.raises(WorkspaceError, match="larger"):
        patch(tree, other, most=1000)


@given(st.lists(st.sampled_from(["a", "b.py", "..", ".", "", ".git", ".Git", "x\0", "ü", "-"]), min_size=1, max_size=5))
@settings(max_examples=60)
def test_a_checked_name_stays_inside(parts):
    try:
        path = checked("/".join(parts))
    except UnsafePath:
        assert {"..", ".", "", ".git", ".Git", "x\0"} & set(parts)
    else:
        inside = os.path.normpath(f"/top/{path}")
        assert inside.startswith("/top/") and inside != "/top"
        assert list(path.parts) == parts
