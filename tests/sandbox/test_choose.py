"""Which tier is used, and what is said where none is."""

from pathlib import Path

import pytest

from sandbox import interpreters
from sandbox.choose import choose, describe
from sandbox.interpreters import choose as choose_interpreter
from sandbox.ownership import user_for
from sandbox.spec import SandboxError


@pytest.mark.slow
def test_the_default_is_bubblewrap_and_proven(bubblewrap):
    assert choose().tier == choose("auto").tier == choose("bubblewrap").tier == bubblewrap.tier


@pytest.mark.parametrize(("name", "image", "said"), [("gvisor", None, "choose auto"), ("docker", None, "needs an image")])
def test_what_cannot_be_chosen_is_refused_with_a_cure(name, image, said):
    with pytest.raises(SandboxError, match=said):
        choose(name, image=image)


@pytest.mark.slow
def test_an_engine_without_the_image_or_no_engine_is_refused_with_a_cure():
    with pytest.raises(SandboxError, match=r"docker pull|start the Docker engine"):
        choose("docker", image="hasten-image-that-is-not-there:1")


@pytest.mark.slow
def test_the_doctor_has_a_line_for_each_tier():
    lines = describe()

    assert [line.partition(":")[0] for line in lines] == ["bubblewrap", "docker"]
    assert "cure" in lines[1]


@pytest.mark.parametrize("wanted", ["2.7", "3", "python3", "3.12; id", "3.x", ""])
def test_what_is_no_python_version_is_said(wanted):
    with pytest.raises(SandboxError, match="is no Python version"):
        choose_interpreter(wanted)


def test_pythons_that_pyenv_and_uv_keep_are_found_newest_first(tmp_path):
    kept = [".pyenv/versions/3.9.18", ".pyenv/versions/3.13.0", ".pyenv/versions/3.8.2", ".pyenv/versions/pypy3.10-7.3"]
    kept.append(".local/share/uv/python/cpython-3.12.4-linux-x86_64-gnu")
    for folder in kept:
        (tmp_path / folder / "bin").mkdir(parents=True)
        (tmp_path / folder / "bin" / "python3").touch()

    found = [Path(each).relative_to(tmp_path).as_posix() for each in interpreters._managed(tmp_path, {})]

    assert found == [f"{kept[1]}/bin/python3", f"{kept[4]}/bin/python3", f"{kept[0]}/bin/python3"]
    assert [*interpreters._managed(tmp_path, {"PYENV_ROOT": str(tmp_path / "none")})] == [str(tmp_path / kept[4] / "bin/python3")]


def test_an_owner_keeps_its_own_unprivileged_user():
    users = {user_for(f"run-{number}") for number in range(50)}

    assert user_for("run-1") == user_for("run-1")
    assert len(users) > 30 and all(60706 <= user <= 61183 for user in users)
