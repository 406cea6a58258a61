"""A project's Python environment: a venv built once inside a sandbox, keyed by what it is made of, read-only afterwards."""

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from sandbox.indexes import Indexes
from sandbox.plan import SetupFailed, default_setup, key, pretended
from sandbox.proxy import relayed, serving
from sandbox.shelf import once
from sandbox.spec import Limits, Mount, Result, SandboxError, Spec
from sandbox.tier import Interpreter, Sandbox

__all__ = ["ENVIRONMENT", "TOOLS", "WORK", "Environment", "SetupFailed", "build", "default_setup", "tools"]

ENVIRONMENT = "/env"  # where the venv lies inside every sandbox
WORK = "/work"  # where the project's tree lies inside every sandbox
TOOLS = "/tools"  # where pytest and hypothesis lie for projects that have none

_SCRATCH, _SCAFFOLD, _SPARE_PIP, _CA = "/scratch", "/run/hasten/scaffold.py", "/run/hasten/pip", "/run/hasten/ca.pem"
_PYTHON = f"{ENVIRONMENT}/bin/python"
_LIMITS = Limits(seconds=900, memory_mib=4096, processes=512, disk_mib=8192)
_NO_PIP = 3  # the scaffold's exit code when it finds no pip
_LAST_LINES = 20
_ASK_VERSIONS = (
    "import json, platform\nfrom importlib.metadata import distributions\n"
    "found = {str(d.metadata['Name']).lower(): str(d.version) for d in distributions() if d.metadata['Name']}\n"
    "print(json.dumps({'python': platform.python_version(), **found}))"
)


@dataclass(frozen=True, slots=True)
class Environment:
    """What a command needs to run with the project's packages. Storable: names paths, holds nothing alive."""

    key: str
    python: str  # the interpreter's path inside the sandbox
    mounts: tuple[Mount, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(
        default_factory=dict
    )  # "python", "numpy", ...: what is importable, for agents and reports


@dataclass(frozen=True, slots=True)
class _Site:
    """One build under way: its sandbox, interpreter, folder on the host, and where its words go."""

    sandbox: Sandbox
    interpreter: Interpreter
    folder: Path
    owner: str
    indexes: Indexes | None
    limits: Limits
    on_line: Callable[[str], None]

    def mounts(self, *names: str) -> tuple[Mount, ...]:
        """The interpreter and writable folders of the site, each at the path of its name."""
        return (*self.interpreter.mounts, *(Mount(self.folder / name, f"/{name}", writable=True) for name in names))


def build(
    sandbox: Sandbox,
    *,
    source: Path,
    setup: Sequence[str],
    python: str | None,
    root: Path,
    salt: str,
    owner: str,
    on_line: Callable[[str], None],
    indexes: Indexes | None,
    seconds: float = _LIMITS.seconds,
) -> Environment:
    """The environment that `setup` makes of a copy of `source`, built now or found. Raises SetupFailed, SandboxError.

    `indexes` are the only network it has (None: no network); `salt` keeps one project's environments from another's;
    each line of `setup` gets a fresh sandbox and `seconds`.
    """
    interpreter = sandbox.interpreter(python)
    name = key(source, setup=setup, interpreter=interpreter, tier=sandbox.tier, salt=salt)
    site = _Site(sandbox, interpreter, root, owner, indexes, replace(_LIMITS, seconds=seconds), on_line)
    with once(root, name) as folder:
        if folder is not None:
            versions = _construct(replace(site, folder=folder), source, setup)
            (folder / "versions.json").write_text(json.dumps(versions))
    return _environment(root / name, name, interpreter)


def tools(
    sandbox: Sandbox,
    *,
    root: Path,
    python: str | None,
    indexes: Indexes | None,
    owner: str,
    on_line: Callable[[str], None] = lambda _: None,
) -> Mount:
    """pytest and hypothesis for that interpreter in a folder of their own, for PYTHONPATH where a project has none."""
    interpreter = sandbox.interpreter(python)
    name = f"tools-{sandbox.tier}-" + ".".join(map(str, interpreter.version))
    site = _Site(sandbox, interpreter, root, owner, indexes, _LIMITS, on_line)
    with once(root, name) as folder:
        if folder is not None:
            here = replace(site, folder=folder)
            _scaffold(here)
            _line(here, f"pip install --quiet --target {TOOLS} pytest hypothesis", ("env", "tools", "scratch"), _SCRATCH)
            _readable(folder)
    return Mount(root / name / "tools", TOOLS)


def _construct(site: _Site, source: Path, setup: Sequence[str]) -> dict[str, str]:
    """Build inside `site.folder`; what is installed, by name."""
    _scaffold(site)
    if setup:
        shutil.copytree(source, site.folder / "work", symlinks=True, dirs_exist_ok=True)
        for line in setup:
            _line(site, line, ("env", "work", "scratch"), WORK, pretended(source))
    _readable(site.folder / "env")
    for name in ("work", "scratch", "tools"):
        shutil.rmtree(site.folder / name)
    asked = site.sandbox.run(
        Spec(
            (_PYTHON, "-I", "-c", _ASK_VERSIONS),
            (*site.interpreter.mounts, Mount(site.folder / "env", ENVIRONMENT)),
            owner=site.owner,
        )
    )
    return _versions(asked)


def _scaffold(site: _Site) -> None:
    """Make the empty venv."""
    for name in ("env", "work", "scratch", "tools"):
        (site.folder / name).mkdir()
    spare = find_spec("pip")
    extra = [Mount(Path(__file__).with_name("scaffold.py"), _SCAFFOLD)]
    argv = [site.interpreter.path, "-I", _SCAFFOLD, ENVIRONMENT]
    if spare and spare.submodule_search_locations:
        extra.append(Mount(Path(spare.submodule_search_locations[0]).parent, _SPARE_PIP))
        argv.append(_SPARE_PIP)
    result = site.sandbox.run(Spec(tuple(argv), (*site.mounts("env"), *extra), owner=site.owner))
    if result.exit == _NO_PIP or b"No module named 'venv'" in result.stderr:
        raise SandboxError("this Python can make no virtual environments: apt-get install python3-venv")
    if not result.ok:
        raise SandboxError(f"the virtual environment could not be made: {_tail(result)}")


def _line(site: _Site, line: str, names: tuple[str, ...], workdir: str, told: Mapping[str, str] = MappingProxyType({})) -> None:
    """Run one setup line, with the package indexes as its only network."""
    site.on_line(f"$ {line}")
    indexes = site.indexes or Indexes()
    variables, mounts = _told(indexes)
    with serving(indexes.servers) if indexes.servers else nullcontext() as proxy:
        spec = Spec(
            ("/bin/sh", "-ec", line),
            (*site.mounts(*names), *mounts),
            workdir,
            {**_variables(), "TMPDIR": _SCRATCH, **told, **variables},
            limits=site.limits,
            owner=site.owner,
            proxy=proxy,
        )
        result = site.sandbox.run(relayed(spec, site.interpreter.path))
    for said in result.stdout.decode(errors="replace").splitlines():
        site.on_line(said)
    if not result.ok:
        raise SetupFailed(f"`{line}` {_why(result)}:\n{_tail(result)}")


def _told(indexes: Indexes) -> tuple[dict[str, str], list[Mount]]:
    """Variables and mounts that show the indexes to pip."""
    variables = dict(indexes.variables or {"PIP_NO_INDEX": "1"})
    mounts = [Mount(folder, str(folder)) for folder in indexes.folders]
    if indexes.ca_bundle:
        mounts.append(Mount(indexes.ca_bundle.resolve(), _CA))
        variables |= dict.fromkeys(("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), _CA)
    return variables, mounts


def _variables() -> dict[str, str]:
    return {"PATH": f"{ENVIRONMENT}/bin:/usr/local/bin:/usr/bin:/bin", "VIRTUAL_ENV": ENVIRONMENT}


def _environment(folder: Path, name: str, interpreter: Interpreter) -> Environment:
    versions = json.loads((folder / "versions.json").read_text())
    return Environment(name, _PYTHON, (*interpreter.mounts, Mount(folder / "env", ENVIRONMENT)), _variables(), versions)


def _readable(top: Path) -> None:
    """Later runs use other uids: give everybody what the owner may read."""
    top.chmod(0o755)
    for _, folders, files, fd in os.fwalk(top):
        for name in (*folders, *files):
            mode = os.stat(name, dir_fd=fd, follow_symlinks=False).st_mode
            if mode & 0o444 != 0o444 and mode & 0o170000 != 0o120000:
                os.chmod(name, (mode & 0o777) | 0o444 | (0o111 if mode & 0o100 else 0), dir_fd=fd)


def _versions(result: Result) -> dict[str, str]:
    """What the environment says of itself; foreign words, so only a flat table of short texts counts."""
    try:
        said = json.loads(result.stdout)
    except ValueError:
        said = None
    if not result.ok or not isinstance(said, dict):
        raise SandboxError(f"the environment's Python does not work: {_tail(result)}")
    return {str(name)[:200]: str(version)[:200] for name, version in said.items()}


def _why(result: Result) -> str:
    if result.timed_out:
        return "took too long"
    return "ran out of memory" if result.oom else f"ended with {result.exit}"


def _tail(result: Result) -> str:
    text = (result.stdout + b"\n" + result.stderr).decode(errors="replace")
    return "\n".join([line for line in text.splitlines() if line.strip()][-_LAST_LINES:])
