"""Edits on disk: confined, complete or not at all, modes kept."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.editor.applier import Refused
from bot.editor.edits import FileEdit, Replace, digest
from bot.editor.scope import Scope, inside, matches
from bot.editor.tree import Tree


def planted(root):
    """A small project below `root`, and something outside of it."""
    for path, text in {"src/a.py": "x = 1\n", "src/b.py": "y = 1\n", "tests/t.py": "z = 1\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    (root.parent / "secret.py").write_text("s = 1\n")
    return Tree(root, Scope(("src/**", "tests/**", "link*/**"), ("tests/**",)))


@pytest.fixture
def tree(tmp_path):
    return planted(tmp_path / "project")


def content(tree):
    return {str(path): path.read_bytes() for path in sorted(tree.root.parent.rglob("*.py")) if path.is_file()}


def test_an_edit_lands_on_disk_and_keeps_the_mode(tree):
    (tree.root / "src/a.py").chmod(0o751)

    tree.edit([Replace("src/a.py", "x = 1", "x = 2")])

    assert (tree.root / "src/a.py").read_text() == "x = 2\n"
    assert (tree.root / "src/a.py").stat().st_mode & 0o777 == 0o751


def test_a_new_file_gets_its_folders(tree):
    tree.edit([Replace("src/deep/new.py", "", "n = 1\n")])

    assert (tree.root / "src/deep/new.py").read_text() == "n = 1\n"


PATHS = [
    "../secret.py",
    "/etc/passwd",
    "src/../../secret.py",
    "tests/t.py",
    "./src/a.py",
    "setup.py",
    ".git/config",
    "src//a.py",
    "src",
]


@pytest.mark.parametrize("path", [*PATHS, "src\\a.py", "", "src/.git/hooks/x", ".hasten.yml", "src/a.py\0"])
def test_what_lies_outside_the_editable_set_is_refused(tree, path):
    before = content(tree)

    answer = tree.edit([Replace(path, "= 1", "= 2"), Replace("src/a.py", "x = 1", "x = 2")])

    assert isinstance(answer, Refused) and content(tree) == before


def test_links_lead_nowhere_they_should_not(tree):
    (tree.root / "src/out.py").symlink_to(tree.root.parent / "secret.py")
    (tree.root / "src/fenced.py").symlink_to("../tests/t.py")
    (tree.root / "link").symlink_to(tree.root.parent, target_is_directory=True)
    (tree.root / "src/loop.py").symlink_to("loop.py")
    before = content(tree)

    for path in ("src/out.py", "src/fenced.py", "link/secret.py", "src/loop.py"):
        assert isinstance(tree.edit([Replace(path, "= 1", "= 2")]), Refused), path
        assert isinstance(tree.edit([Replace(path, "", "= 2")]), Refused), path

    assert content(tree) == before
    assert tree.read("src/out.py") is None and tree.read("link/secret.py") is None


def test_a_link_within_the_editable_set_edits_what_it_names(tree):
    (tree.root / "src/same.py").symlink_to("a.py")

    tree.edit([Replace("src/same.py", "x = 1", "x = 2")])

    assert (tree.root / "src/a.py").read_text() == "x = 2\n" and (tree.root / "src/same.py").is_symlink()


def test_a_stale_edit_changes_nothing(tree):
    before = content(tree)

    answer = tree.write(
        [FileEdit("src/a.py", digest(b"x = 1\n"), b"x = 2\n"), FileEdit("src/b.py", digest(b"older"), b"y = 2\n")]
    )

    assert isinstance(answer, Refused) and answer.refusals[0].code == "stale"
    assert content(tree) == before


def test_a_failure_on_the_way_takes_back_what_was_written(tree):
    (tree.root / "src/d").mkdir()
    (tree.root / "src/d/file").write_text("in the way")
    before = content(tree)

    with pytest.raises(OSError):
        tree.write([FileEdit("src/a.py", digest(b"x = 1\n"), b"x = 2\n"), FileEdit("src/d/file/new.py", None, b"")])

    assert content(tree) == before


def test_pipes_and_folders_are_no_files(tree):
    os.mkfifo(tree.root / "src/pipe")

    assert tree.read("src/pipe") is None and tree.read("src") is None


@pytest.mark.parametrize(
    ("pattern", "path", "named"),
    [
        ("src/**", "src/a/b.py", True),
        ("src/*", "src/a/b.py", False),
        ("src/", "src/a/b.py", True),
        ("**/*.py", "a.py", True),
        ("**/test_?.py", "x/y/test_a.py", True),
        ("src/[a].py", "src/a.py", False),
        ("*.py", "src/a.py", False),
        ("**", "anything/at/all", True),
    ],
)
def test_patterns_name_paths(pattern, path, named):
    assert matches(pattern, path) is named


@given(st.text(alphabet="ab./\\\0", max_size=12))
@settings(max_examples=80)
def test_a_path_inside_stays_inside(path):
    if inside(path):
        assert os.path.normpath(os.path.join("/top", path)) == f"/top/{path}"  # noqa: PTH118 (lexically, without a disk)


requests = st.lists(
    st.builds(
        Replace,
        st.sampled_from(["src/a.py", "src/b.py", "src/new.py", "tests/t.py"]),
        st.sampled_from(["x = 1", "y = 1", "= 1", "", "z"]),
        st.sampled_from(["x = 2", "y = (", "x = 1"]),
    ),
    min_size=1,
    max_size=3,
)


@given(requests)
@settings(max_examples=40, deadline=None)
def test_a_reply_is_carried_out_as_a_whole_or_leaves_no_trace(wanted):
    with tempfile.TemporaryDirectory() as folder:
        tree = planted(Path(folder) / "project")
        before = content(tree)

        answer = tree.edit(wanted)

        if isinstance(answer, Refused):
            assert content(tree) == before
        else:
            new = {str(tree.root / edit.path): edit.new_content for edit in answer}
            assert content(tree) == {**before, **new} and len(new) == len({each.path for each in wanted})
