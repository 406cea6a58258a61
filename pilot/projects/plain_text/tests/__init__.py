"""Makes the sources importable for `python -m unittest` and for pytest alike, without installing anything."""

import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(_ROOT), str(_ROOT / "src")]
