"""What several tests of the recipes share."""

from pathlib import Path

import pytest

from tests.furnished import Furnished


@pytest.fixture(scope="session")
def scientific_python(furnished: Furnished) -> Path:
    """An interpreter that has pandas and numba."""
    return furnished("pandas", "numba")
