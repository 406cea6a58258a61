"""Of each pool of special values that is promised, some are drawn among the inputs of a few comparisons."""

import subprocess
from pathlib import Path

import pytest

from tests.evaluation_equal import pools


@pytest.mark.parametrize("name", pools.SIMPLE)
def test_a_pool_is_drawn_from(name: str) -> None:
    assert pools.missing_pools({name: pools.SIMPLE[name]}) == []


@pytest.mark.slow
def test_the_pools_of_tables_are_drawn_from(pandas_python: Path) -> None:
    done = subprocess.run([str(pandas_python), "-B", pools.__file__], capture_output=True, text=True, timeout=120)

    count, *missing = done.stdout.splitlines() or ["0"]
    assert done.returncode == 0, done.stderr[-2000:]
    assert (int(count) > 25, missing) == (True, [])
