"""What a tree offers as targets, and what somebody may have meant."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.localization import outline, source
from evaluation.target import Target


def tree(folder: Path, **files: str | bytes) -> Path:
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def names(found: outline.Outline) -> list[str]:
    return [str(target) for target in found.targets]


def test_functions_and_methods_are_targets_and_nested_functions_are_not(tmp_path):
    source = "def f():\n  def inner(): ...\nclass A:\n  def g(self): ...\n  class B:\n    async def h(self): ...\n"

    assert names(outline.functions(tree(tmp_path, src__a=source))) == ["src/a.py::f", "src/a.py::A.g", "src/a.py::A.B.h"]


def test_functions_below_if_and_try_are_targets(tmp_path):
    source = "try:\n  def f(): ...\nexcept ImportError:\n  def g(): ...\nif 1:\n  pass\nelse:\n  def h(): ...\n"

    assert names(outline.functions(tree(tmp_path, a=source))) == ["a.py::f", "a.py::g", "a.py::h"]


def test_foreign_and_hidden_folders_are_passed_over(tmp_path):
    code = "def f(): ...\n"
    tree(tmp_path, a=code, node_modules__b=code, venv__c=code)
    tree(tmp_path / ".git", d=code)

    found = outline.functions(tmp_path)

    assert names(found) == ["a.py::f"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("def f(:\n", "line 1: invalid syntax"),
        (b"x = '\xff'\n", "line 1: .*utf-8"),
        (b"a = 1\0\n", "null bytes"),
        ("a = " + "a." * 50_000 + "a\n", "recursion"),
        ("#" * (source.MOST_BYTES + 1), "larger than 2048 KiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(content, reason, tmp_path):
    found = outline.functions(tree(tmp_path, good="def f(): ...\n", odd=content))

    assert names(found) == ["good.py::f"]
    (skipped,) = found.skipped
    assert skipped.startswith("odd.py: ")
    assert re.search(reason, skipped)


def test_a_link_out_of_the_tree_is_not_followed(tmp_path):
    outside = tree(tmp_path / "outside", secret="def f(): ...\n")
    inside = tree(tmp_path / "inside", a="def g(): ...\n")
    (inside / "link.py").symlink_to(outside / "secret.py")

    found = outline.functions(inside)

    assert names(found) == ["a.py::g"]
    assert found.skipped == ("link.py: no plain file of the project",)
    assert not outline.exists(Target("link.py", "f"), inside)


def test_deep_nesting_neither_recurses_nor_hides_what_comes_after(tmp_path):
    source = "if a: pass\n" + "elif a: pass\n" * 900 + "else:\n  def f(): ...\ndef g(x=" + "-" * 900 + "1): ...\n"

    folder = tree(tmp_path, a=source)

    assert names(outline.functions(folder)) == ["a.py::f", "a.py::g"]
    assert outline.signature(Target("a.py", "g"), folder).startswith("g(")


def test_no_more_files_than_the_bound_are_read(tmp_path):
    folder = tree(tmp_path, a="def f(): ...", b="def f(): ...", c="def f(): ...")

    found = outline.functions(folder, most=2)

    assert (names(found), found.skipped) == (["a.py::f", "b.py::f"], ("everything after 2 files",))


def test_only_the_files_within_a_folder_are_read_where_one_is_named(tmp_path):
    folder = tree(tmp_path, src__a="def f(): ...", src__b__c="def g(): ...", srcs__d="def h(): ...", e="def (:")

    assert names(outline.functions(folder, "src")) == ["src/a.py::f", "src/b/c.py::g"]
    assert names(outline.functions(folder, "src/a.py")) == ["src/a.py::f"]
    assert outline.functions(folder, "src").skipped == ()


def test_a_signature_is_the_def_line_and_the_last_definition_holds(tmp_path):
    source = "def f(): ...\ndef f(a: int, *, b: str = 'x', **c) -> list[int]: ...\n"

    folder = tree(tmp_path, a=source)

    assert outline.signature(Target("a.py", "f"), folder) == "f(a: int, *, b: str='x', **c) -> list[int]"
    assert outline.signature(Target("a.py", "g"), folder) is None
    assert outline.signature(Target("b.py", "f"), folder) is None


SHOP = {"src__frames__sort": "def sort_frame(): ...\ndef sort_rows(): ...\n", "src__io": "class Reader:\n  def read(self): ...\n"}


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("src/frames/sort.py::sort_frames", "src/frames/sort.py::sort_frame"),
        ("frames/sort.py::sort_frame", "src/frames/sort.py::sort_frame"),
        ("src/wrong.py::sort_frame", "src/frames/sort.py::sort_frame"),
        ("src/io.py::read", "src/io.py::Reader.read"),
        ("src/io.py::Raeder.raed", "src/io.py::Reader.read"),
    ],
)
def test_a_slip_finds_what_was_meant(asked, meant, tmp_path):
    near = outline.nearest(Target.parse(asked), tree(tmp_path, **SHOP))

    assert str(near[0]) == meant


def test_nothing_is_suggested_when_nothing_is_close(tmp_path):
    assert outline.nearest(Target("setup.py", "zzz"), tree(tmp_path, **SHOP)) == ()


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=200) | st.text("def ():\nclas'\"\\[]{}@ \t#x", max_size=120).map(str.encode))
def test_any_bytes_are_outlined_or_skipped(content, tmp_path_factory):
    folder = tree(tmp_path_factory.mktemp("any"), any=content)

    found = outline.functions(folder)

    assert len(found.skipped) <= 1
    assert all(outline.exists(target, folder) for target in found.targets)
