"""Run two versions of a function on the same calls and say where they differ. Runs alone too: jobs as JSON in, answers out.

Strict: types, dtypes, index, names, order, the sign of zero, exceptions and what happens to the arguments all count. Only jobs
marked as numeric allow floats to differ in the last few bits.
"""

import copy
import json
import math
import sys


def outcome(source, target, calls):
    """What the function gives (or raises) for each call, and its arguments afterwards."""
    space = {}
    exec(compile(source, target, "exec"), space)
    return [_once(space[target], copy.deepcopy(call)) for call in calls]


def _once(function, arguments):
    try:
        return ("returned", function(*arguments), arguments)
    except Exception as error:  # noqa: BLE001 - any exception of the code under test is an outcome to compare
        return ("raised", type(error).__name__, arguments)


def difference(one, other, numeric, where="result"):
    """Where two values differ, as text; None when they are alike."""
    if type(one) is not type(other):
        return f"{where}: {type(one).__name__} {one!r} against {type(other).__name__} {other!r}"
    kind = type(one).__module__.partition(".")[0] + "." + type(one).__name__
    if kind in ("pandas.DataFrame", "pandas.Series"):
        return _frames(one, other, numeric, where)
    if kind == "numpy.ndarray":
        same = (one.dtype, one.shape) == (other.dtype, other.shape)
        return difference(one.tolist(), other.tolist(), numeric, where) if same else f"{where}: {one.dtype} against {other.dtype}"
    if isinstance(one, dict):
        return difference(list(one.items()), list(other.items()), numeric, where)
    if isinstance(one, (list, tuple)):
        if len(one) != len(other):
            return f"{where}: {len(one)} items against {len(other)}"
        found = (difference(a, b, numeric, f"{where}[{i}]") for i, (a, b) in enumerate(zip(one, other, strict=True)))
        return next((each for each in found if each), None)
    if numeric and isinstance(one, float) and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12):
        return None
    return None if repr(one) == repr(other) else f"{where}: {one!r} against {other!r}"


def _frames(one, other, numeric, where):
    import pandas

    check = getattr(pandas.testing, f"assert_{type(one).__name__.lower().replace('dataframe', 'frame')}_equal")
    exactness = {"rtol": 1e-9} if numeric else {"check_exact": True}
    try:
        check(one, other, check_freq=True, **exactness)
    except AssertionError as error:
        return f"{where}: {error}"
    return None


def compared(job):
    """None, or how the outcomes of the two versions differ."""
    space = {}
    exec(job["calls"], space)
    before = outcome(job["before"], job["target"], space["CALLS"])
    after = outcome(job["after"], job["target"], space["CALLS"])
    return difference(before, after, job["numeric"])


if __name__ == "__main__":
    json.dump({job["name"]: compared(job) for job in json.load(sys.stdin)}, sys.stdout)
