"""Texts that people read, kept as files. `HASTEN_GOLDEN=write python -m pytest tests/report` writes them anew."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def hold(path: Path, text: str) -> None:
    """Compare byte for byte, or write where that was asked for."""
    if os.environ.get("HASTEN_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text.encode())
    assert path.read_bytes() == text.encode(), f"{path.name} differs; if the new text is better: HASTEN_GOLDEN=write"
