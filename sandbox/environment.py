"""A project's Python environment: a venv built once inside a sandbox, keyed by what it is made of, read-only afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.spec import Mount

ENVIRONMENT = "/env"  # where the venv lies inside every sandbox
WORK = "/work"  # where the project's tree lies inside every sandbox


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
