"""Environments built for real, from packages made here and served by a folder or by a server on loopback."""

import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sandbox.environment import Environment, SetupFailed, build, tools
from sandbox.indexes import Indexes
from sandbox.spec import Mount, Spec
from sandbox.tier import Sandbox

pytestmark = pytest.mark.slow


def wheel(folder: Path, name: str, version: str = "1.0") -> Path:
    """A package with one module, made without any tool."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"VERSION = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def packages(tmp_path: Path) -> Indexes:
    """An index that is a folder: no network at all."""
    folder = tmp_path / "packages"
    for name in ("tinypackage", "pytest", "hypothesis"):
        wheel(folder, name)
    return Indexes(folders=(folder,), variables={"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder)})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "requirements.txt").write_text("tinypackage\n")
    return folder


class Yard:
    """Where environments of one test are built."""

    def __init__(self, sandbox: Sandbox, source: Path, root: Path, indexes: Indexes) -> None:
        self.sandbox, self.source, self.root, self.indexes = sandbox, source, root, indexes
        self.lines: list[str] = []

    def build(self, *setup: str, indexes: Indexes | None = None, salt: str = "1", seconds: float = 120) -> Environment:
        return build(
            self.sandbox,
            source=self.source,
            setup=setup,
            python=None,
            root=self.root,
            salt=salt,
            owner="test",
            on_line=self.lines.append,
            indexes=indexes or self.indexes,
            seconds=seconds,
        )

    def run(self, environment: Environment, code: str, **more: object) -> bytes:
        result = self.sandbox.run(
            Spec((environment.python, "-c", code), environment.mounts, environment=environment.variables, **more)
        )
        assert result.ok, result.stderr
        return result.stdout

    def left_over(self) -> list[str]:
        """Whatever lies in the root but finished environments and locks."""
        return [path.name for path in self.root.iterdir() if path.name.startswith(".")]


@pytest.fixture
def yard(sandbox: Sandbox, source: Path, packages: Indexes, tmp_path: Path) -> Yard:
    if (
        sandbox.tier == "docker"
        and b"/usr" not in sandbox.run(Spec(("python3", "-c", "import venv; print(venv.__file__)"))).stdout
    ):
        pytest.skip("the image's python3 has no venv")
    return Yard(sandbox, source, tmp_path / "envs", packages)


def test_a_bare_environment_needs_no_network(yard):
    environment = yard.build()

    assert set(environment.versions) == {"python", "pip"}
    assert yard.run(environment, "import sys; print(sys.prefix)") == b"/env\n"


def test_what_the_setup_installs_is_importable_and_listed(yard):
    environment = yard.build("pip install -r requirements.txt")

    assert environment.versions["tinypackage"] == "1.0"
    assert yard.run(environment, "import tinypackage; print(tinypackage.VERSION)") == b"1.0\n"
    assert yard.lines[0] == "$ pip install -r requirements.txt"
    assert any("Successfully installed" in line for line in yard.lines)


def test_the_second_time_it_is_just_there(yard):
    first = yard.build("pip install -r requirements.txt")
    yard.lines.clear()

    assert yard.build("pip install -r requirements.txt") == first
    assert yard.lines == []


def test_another_projects_environment_is_another(yard):
    assert yard.build(salt="1").key != yard.build(salt="2").key


def test_an_environment_cannot_be_changed_by_those_who_use_it(yard):
    environment = yard.build()

    said = yard.run(
        environment, "import pathlib\ntry: pathlib.Path('/env/x').touch()\nexcept OSError as error: print(error.errno)"
    )

    assert said in (b"13\n", b"30\n")


def test_the_setup_works_on_a_copy(yard):
    yard.build("echo spoilt > requirements.txt; touch new")

    assert [path.name for path in yard.source.iterdir()] == ["requirements.txt"]
    assert (yard.source / "requirements.txt").read_text() == "tinypackage\n"


def test_what_the_setup_hid_from_others_is_still_readable_later(yard):
    environment = yard.build("umask 077; echo 'X = 5' > $(echo /env/lib/python3*/site-packages)/private.py")

    assert yard.run(environment, "import private; print(private.X)", owner="somebody-else") == b"5\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("echo before; echo broken >&2; exit 4", "ended with 4:\nbefore\nbroken"),
        ("pip install package-that-is-not-there", "No matching distribution"),
        ("sleep 60", "took too long"),
    ],
)
def test_a_failing_setup_says_why_and_leaves_nothing(yard, line, said):
    with pytest.raises(SetupFailed) as error:
        yard.build("true", line, seconds=20 if "pip" in line else 2)

    assert said in str(error.value) and line in str(error.value)
    assert yard.left_over() == []
    assert not [path for path in yard.root.iterdir() if path.is_dir()]


def test_what_a_killed_builder_left_is_cleared_by_the_next(yard):
    key = yard.build("echo once").key
    (yard.root / key).rename(yard.root / f".{key}-half")

    yard.build("echo once")

    assert yard.left_over() == []


def test_concurrent_builders_build_once(yard):
    made: list[Environment] = []
    threads = [threading.Thread(target=lambda: made.append(yard.build("echo building"))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 3 and len({each.key for each in made}) == 1
    assert yard.lines.count("building") == 1


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ThreadingHTTPServer]:
    """A package index over HTTP."""
    root = tmp_path / "served"
    made = wheel(root / "simple" / "tinypackage", "tinypackage", "2.0")
    (made.parent / "index.html").write_text(f'<a href="{made.name}">{made.name}</a>')
    handler = partial(_Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Quiet."""


def served(index: ThreadingHTTPServer) -> Indexes:
    port = index.server_port
    return Indexes(frozenset({("127.0.0.1", port)}), variables={"PIP_INDEX_URL": f"http://127.0.0.1:{port}/simple"})


def test_an_index_is_reached_through_the_proxy(yard, index):
    environment = yard.build("pip install --retries 0 -r requirements.txt", indexes=served(index))

    assert environment.versions["tinypackage"] == "2.0"


def test_a_server_that_is_no_index_is_not_reached(yard, index):
    nobody = replace(served(index), servers=frozenset({("127.0.0.1", 1)}))

    with pytest.raises(SetupFailed, match=r"403|Forbidden|No matching"):
        yard.build("pip install --retries 0 -r requirements.txt", indexes=nobody)


def test_tools_lie_beside_the_environment(yard):
    environment = yard.build()
    mount = tools(yard.sandbox, root=yard.root, python=None, indexes=yard.indexes, owner="test")

    said = yard.sandbox.run(
        Spec(
            (environment.python, "-c", "import pytest; print(pytest.__file__)"),
            (*environment.mounts, mount),
            environment={"PYTHONPATH": "/tools"},
        )
    )

    assert said.stdout == b"/tools/pytest.py\n"
    assert tools(yard.sandbox, root=yard.root, python=None, indexes=None, owner="test") == Mount(mount.source, "/tools")
