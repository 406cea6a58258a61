"""Interpreters that have what projects have and we don't, in environments of their own: each made once, whoever asks first."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

Furnished = Callable[..., Path]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Gives the interpreter of an environment with these packages (as for `pip install`); skips where no index answers."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # of tests that run side by side

    @cache
    def made(*packages: str) -> Path:
        place = shared / "furnished" / hashlib.sha256("\n".join(packages).encode()).hexdigest()[:8]
        place.mkdir(parents=True, exist_ok=True)
        with (place / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (place / "done").exists():
                _make(place / "env", packages)
                (place / "done").touch()
        return place / "env" / "bin" / "python"

    return made


def _make(env: Path, packages: tuple[str, ...]) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(env)], check=True, timeout=120)
    install = [str(env / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages]
    if subprocess.run(install, capture_output=True, timeout=600).returncode:
        pytest.skip(f"{', '.join(packages)} could not be installed: no package index answers")


@pytest.fixture(scope="session")
def pandas_python(furnished: Furnished) -> Path:
    """An interpreter with tables of all kinds."""
    return furnished("pandas", "polars", "pyarrow", "scipy")
