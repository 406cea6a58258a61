"""Tables are compared as strictly as everything else; their libraries live in an environment of their own, like a project's."""

import subprocess
from pathlib import Path

import pytest

from sandbox.environment import Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox
from tests.evaluation_equal.test_in_sandbox import GENERATED, Place


@pytest.mark.slow
@pytest.mark.parametrize("probes", ["pandas_probes.py", "library_probes.py"])
def test_every_pair_of_tables_is_decided_right(probes: str, pandas_python: Path) -> None:
    program = Path(__file__).with_name(probes)

    done = subprocess.run([str(pandas_python), "-B", str(program)], capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[0]) > 50


FRAMES = """
import pandas as pd

def latest(frame):
    return frame.sort_values("key", kind="stable").drop_duplicates("key", keep="last").reset_index(drop=True)
"""
INPUTS = """
import numpy as np
import pandas as pd

def frames(seed, rows):
    dice = np.random.default_rng(seed)
    columns = {"key": dice.integers(0, max(2, rows // 3), rows), "price": dice.normal(100, 9, rows).round(4)}
    return (pd.DataFrame({**columns, "name": dice.choice(list("abc"), rows)}),), {}
"""


@pytest.mark.slow
def test_a_frame_that_shows_a_difference_is_told_as_a_few_cells_of_code(
    sandbox: Sandbox, pandas_python: Path, tmp_path: Path
) -> None:
    for folder in (*tmp_path.parents[:2], tmp_path, *pandas_python.parents[2:4]):
        folder.chmod(folder.stat().st_mode | 0o755)  # the sandbox runs as another user
    env, found = pandas_python.parents[1], sandbox.interpreter()
    place = Place(sandbox, tmp_path, Environment("pandas", str(pandas_python), (*found.mounts, Mount(env, str(env)))))
    files = {"src/words.py": FRAMES, "bench/inputs.py": INPUTS}
    base = place.tree("frames", files)
    wrong = place.tree("wrong", {**files, "src/words.py": FRAMES.replace('"last"', '"first"')})

    finding = place.compare("latest", wrong, GENERATED.format("frames", "rows"), base=base)

    shown = finding.equivalence.mismatches[0]
    assert shown.code == "equivalence.value" and shown.runnable
    assert shown.input.startswith("import pandas as pd\nfrom words import latest\n\nlatest(pd.DataFrame({'key': [")
    assert len(shown.input) < 140
