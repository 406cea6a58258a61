"""Projects on disk for the tests of localization."""

from collections.abc import Mapping
from pathlib import Path


def plant(tree: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write the files below `tree`."""
    for path, text in files.items():
        place = tree / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    return tree
