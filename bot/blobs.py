"""Large things by their digest: patches, scorecards, samples. Written once, never changed, found again after a restart."""

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any


class Blobs:
    """A content-addressed folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Keep `content`; the digest that finds it again."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """What was kept under `digest`. Raises FileNotFoundError."""
        return self._path(digest).read_bytes()

    def put_json(self, value: Any) -> str:
        """Keep a JSON value; equal values get equal digests."""
        return self.put(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())

    def get_json(self, digest: str) -> Any:
        """The JSON value kept under `digest`."""
        return json.loads(self.get(digest))

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest
