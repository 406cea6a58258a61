"""Runs inside a sandbox: makes the bare virtual environment, with a pip that needs neither a network nor an installer.

Standard library only, Python 3.9 or later; started as `python scaffold.py FOLDER [PIP]`, where PIP is a folder that holds a pip
to copy if the interpreter brings none along.
"""

from __future__ import annotations

import shutil
import sys
import venv
import zipfile
from pathlib import Path

_SCRIPT = """#!{python}
import sys
from pip._internal.cli.main import main
sys.exit(main())
"""


def main(folder: Path, spare: Path | None) -> int:
    """Make the environment; exit code 3 says that there is no pip to be had."""
    venv.EnvBuilder(symlinks=True, with_pip=False).create(folder)
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    wheel = bundled()
    if wheel:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages)
    elif spare:
        shutil.copytree(spare / "pip", packages / "pip", ignore=shutil.ignore_patterns("__pycache__"))
    else:
        return 3
    for name in ("pip", "pip3"):
        script = folder / "bin" / name
        script.write_text(_SCRIPT.format(python=folder / "bin" / "python"))
        script.chmod(0o755)
    return 0


def bundled() -> Path | None:
    """The pip wheel that the interpreter (or its distribution) keeps for new environments."""
    standard = Path(venv.__file__).parents[1]
    folders = (standard / "ensurepip" / "_bundled", Path("/usr/share/python-wheels"))
    found = [wheel for folder in folders for wheel in sorted(folder.glob("pip-*.whl"))]
    return found[0] if found else None


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None))
