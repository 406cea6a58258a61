"""What an environment is keyed by, and what is set up where a project says nothing."""

from pathlib import Path

import pytest

from sandbox.plan import SetupFailed, default_setup, key, pretended
from sandbox.tier import Interpreter

PYTHON = Interpreter("/usr/bin/python3.12", (3, 12, 1))
SETUP = ("pip install -r deps.txt",)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text("[build-system]\n")
    (tmp_path / "deps.txt").write_text("numpy\n")
    return tmp_path


def the_key(source: Path, setup=SETUP, interpreter=PYTHON, tier="bubblewrap", salt="7") -> str:
    return key(source, setup=setup, interpreter=interpreter, tier=tier, salt=salt)


def test_code_does_not_change_the_key(source):
    before = the_key(source)
    (source / "src" / "a.py").write_text("x = 2\n")

    assert the_key(source) == before


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "deps.txt", "uv.lock", "sub/setup.py", "requirements/test.txt", "requirements-dev.txt"]
)
def test_a_build_file_changes_the_key(source, name):
    before = the_key(source)
    (source / name).parent.mkdir(exist_ok=True)
    (source / name).write_text("changed")

    assert the_key(source) != before


def test_whatever_else_decides_changes_the_key(source):
    keys = {
        the_key(source),
        the_key(source, setup=(*SETUP, "make")),
        the_key(source, interpreter=Interpreter("/usr/bin/python3.12", (3, 12, 2))),
        the_key(source, tier="docker"),
        the_key(source, salt="8"),
    }

    assert len(keys) == 5


def test_without_setup_the_projects_files_do_not_matter(source, tmp_path_factory):
    assert the_key(source, setup=()) == the_key(tmp_path_factory.mktemp("empty"), setup=())


def test_a_build_file_that_is_a_link_is_not_followed(source):
    before = the_key(source)
    (source / "requirements.txt").symlink_to("/etc/hostname")

    assert the_key(source) == before
    assert default_setup(source) == ()


@pytest.mark.parametrize(
    ("pyproject", "lines"),
    [
        ("[project]\nname = 'p'", ("pip install -e .",)),
        ("[project]\nname = 'p'\n[project.optional-dependencies]\ndev = []\ntest = []", ("pip install -e '.[test]'",)),
        ("[project]\nname = 'p'\n[project.optional-dependencies]\ndocs = []", ("pip install -e .",)),
        ("[build-system]\nbuild-backend = 'flit_core.buildapi'", ("pip install -e .",)),
        (
            "[project]\nname = 'p'\n[dependency-groups]\ndev = ['ruff', {include-group = 'test'}]\ntest = ['pytest>=8', 'a; b']",
            ("pip install -e .", "pip install 'pytest>=8' 'a; b'"),
        ),
        (
            "[project]\nname = 'p'\n[dependency-groups]\ndev = [{include-group = 'dev'}, {include-group = 'more'}]\nmore = ['x']",
            ("pip install -e .", "pip install x"),
        ),
        (
            "[tool.poetry]\nname = 'p'\n[tool.poetry.dependencies]\nnumpy = '*'\n"
            "[tool.poetry.group.dev.dependencies]\npytest = '^8.1'\n"
            "b = {version = '~1.2.3', extras = ['c']}\nd = {path = '../d'}",
            ("pip install -e .", "pip install 'pytest>=8.1,<9' 'b[c]>=1.2.3,<1.3'"),
        ),
        (
            "[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = '^3.9'\nnumpy = '^0.3'\nc = '1.0'",
            ("pip install 'numpy>=0.3,<0.4' c==1.0",),
        ),
        ("[tool.ruff]", ()),
        ("no toml [", ()),
        ("project = 3", ()),
    ],
)
def test_the_default_follows_pyproject(tmp_path, pyproject, lines):
    (tmp_path / "pyproject.toml").write_text(pyproject)

    assert default_setup(tmp_path) == lines


def test_the_default_takes_all_requirements_first(tmp_path):
    for name in ("requirements.txt", "requirements dev.txt", "setup.py"):
        (tmp_path / name).write_text("")

    assert default_setup(tmp_path) == (
        "pip install -r 'requirements dev.txt'",
        "pip install -r requirements.txt",
        "pip install -e .",
    )


def test_the_default_reads_setup_cfg_and_pipfile(tmp_path):
    (tmp_path / "Pipfile").write_text("[packages]\nnumpy = '>=1'\n[dev-packages]\npytest = '*'\n")
    assert default_setup(tmp_path) == ("pip install 'numpy>=1' pytest",)

    (tmp_path / "setup.cfg").write_text("[metadata]\nname = p\n")
    assert default_setup(tmp_path) == ("pip install -e .",)


def test_where_there_is_conda_only_the_cure_is_named(tmp_path):
    (tmp_path / "environment.yml").write_text("dependencies: [numpy]\n")

    with pytest.raises(SetupFailed, match=r"environment\.yml is for conda.*environment\.setup"):
        default_setup(tmp_path)


def test_a_version_that_is_in_the_history_is_pretended_for_this_package_only(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'my-frames.core'\ndynamic = ['version']\n")

    assert pretended(tmp_path) == {"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_MY_FRAMES_CORE": "0.0.0"}
    assert pretended(tmp_path / "elsewhere") == {}
