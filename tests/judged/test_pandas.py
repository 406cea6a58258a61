"""Tables are compared as strictly as everything else; their libraries live in an environment of their own, like a project's."""

import subprocess
from pathlib import Path

import pytest

from sandbox.environment import Environment
from sandbox.spec import Mount
from sandbox.tier import Sandbox
from tests.judged.test_in_sandbox import GENERATED, Place
from tests.sandboxed import readable


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


@pytest.fixture
def place(bubblewrap: Sandbox, pandas_python: Path, tmp_path: Path) -> Place:
    env, found = pandas_python.parents[1], bubblewrap.interpreter()
    readable(env.parent)
    return Place(bubblewrap, readable(tmp_path), Environment("pandas", str(pandas_python), (*found.mounts, Mount(env, str(env)))))


@pytest.mark.slow
def test_a_frame_that_shows_a_difference_is_told_as_a_few_cells_of_code(place: Place) -> None:
    files = {"src/words.py": FRAMES, "bench/inputs.py": INPUTS}
    base = place.tree("frames", files)
    wrong = place.tree("wrong", {**files, "src/words.py": FRAMES.replace('"last"', '"first"')})

    finding = place.compare("latest", wrong, GENERATED.format("frames", "rows"), base=base)

    shown = finding.equivalence.mismatches[0]
    assert shown.code == "equivalence.value" and shown.runnable
    assert shown.input.startswith("import pandas as pd\nfrom words import latest\n\nlatest(pd.DataFrame({'key': [")
    assert len(shown.input) < 140


TOTALS = """
import pandas as pd

def totals(frame):
    return frame.groupby("name", observed=False)["price"].sum().reset_index()
"""
SCALED = """
import pandas as pd

def scaled(frame):
    return frame["price"] * 2.0
"""
BY_NUMPY = """
import pandas as pd

def scaled(frame):
    price = frame["price"]
    return pd.Series(price.to_numpy(dtype=float, na_value=float("nan")) * 2.0, index=price.index, name=price.name)
"""
PLAIN = """
import numpy as np
import pandas as pd

def frames(seed, rows):
    dice = np.random.default_rng(seed)
    return (pd.DataFrame({"price": dice.normal(100, 9, rows), "name": dice.choice(list("abc"), rows)}),), {}
"""
CATEGORIES = PLAIN.replace('dice.choice(list("abc"), rows)', 'pd.Categorical(dice.choice(list("abc"), rows))')


@pytest.mark.slow
def test_columns_that_the_inputs_never_have_are_a_remark_and_no_reason(place: Place) -> None:
    base = place.tree("plain", {"src/words.py": SCALED, "bench/inputs.py": PLAIN})
    other = place.tree("other", {"src/words.py": BY_NUMPY, "bench/inputs.py": PLAIN})
    settings = GENERATED.format("frames", "rows")

    same = place.compare("scaled", base, settings, base=base)
    finding = place.compare("scaled", other, settings, base=base)

    assert (same.equivalence.mismatches, same.equivalence.beyond) == ((), ())
    assert (finding.equivalence.mismatches, finding.unclear) == ((), None)
    assert {each.kind for each in finding.equivalence.beyond} >= {"nullable", "arrow"}
    assert all(each.text for each in finding.equivalence.beyond)


@pytest.mark.slow
def test_columns_that_the_inputs_have_are_varied_and_count(place: Place) -> None:
    files = {"src/words.py": TOTALS, "bench/inputs.py": CATEGORIES}
    base = place.tree("categories", files)
    wrong = place.tree("observed", {**files, "src/words.py": TOTALS.replace("observed=False", "observed=True")})

    finding = place.compare("totals", wrong, GENERATED.format("frames", "rows"), count=120, base=base)

    assert finding.equivalence.mismatches, "only a category that no row has shows it"


ANNOTATED = """
import sys
from random import Random

import pandas as pd

from evaluation.probe import annotations

def totals(frame: pd.DataFrame, extra: pd.Series, until: pd.Timestamp) -> pd.Series:
    "What a doc says is no column."
    return frame[frame["when"] < until].groupby("name")["price"].sum() + extra

makers = annotations.parameters(totals)
calls = [annotations.call(makers, Random(seed))[0] for seed in range(20)]
assert {tuple(frame.columns) for frame, _, _ in calls} == {("when", "name", "price")}, calls[0]
assert {type(extra) for _, extra, _ in calls} == {pd.Series} and {type(until) for *_, until in calls} == {pd.Timestamp}
assert len({str(frame.dtypes.tolist()) for frame, _, _ in calls}) > 5
assert {len(frame) for frame, _, _ in [annotations.call(makers, Random(1), 50)[0]]} == {50}
print("drawn")
"""


@pytest.mark.slow
def test_tables_are_drawn_with_the_columns_that_the_function_names(pandas_python: Path) -> None:
    root = Path(__file__).parents[2]

    done = subprocess.run([str(pandas_python), "-B", "-c", ANNOTATED], cwd=root, capture_output=True, text=True, timeout=120)

    assert done.stdout.split() == ["drawn"], done.stderr[-2000:]
