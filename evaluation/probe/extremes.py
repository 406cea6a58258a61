"""Special values of each kind of scalar: at the end of a range, without a sign of their own, not what they look like."""

import math
import sys

FLOATS = (math.nan, math.nan, 0.0, -0.0, math.inf, -math.inf, 5e-324, 1e308, -1e308, 2.0**53, 1e16 + 1)
INTS = (0, -1, 1, 2**31 - 1, 2**53 + 1, 2**63 - 1, -(2**63))
TEXTS = ("", " ", "a", "A", "\n", "0", "ß", "İ", "é", "\u0301e", "\U0001f600", "a" * 50)
NUMBERS = (*FLOATS[:6], 1j, complex(math.nan, 1), complex(-0.0, -0.0))


def of(dtype):
    """Those that an array of a plain dtype holds, never beyond its range; empty where we know none."""
    np = sys.modules["numpy"]
    if dtype.kind == "f":
        return FLOATS if dtype.itemsize >= 8 else _floats(np.finfo(dtype))
    if dtype.kind in "iu":
        return _whole(np.iinfo(dtype))
    if dtype.kind in "mM":
        unit = np.datetime_data(dtype)[0]
        return tuple(dtype.type(value, unit) for value in ("NaT", "NaT", 0, 1, -1))
    return {"c": NUMBERS, "O": (None,), "b": (False, True)}.get(dtype.kind, ())


def missing(dtype):
    """What stands for nothing in an array of a plain dtype; None where there is no such thing, too."""
    if dtype.kind in "fc":
        return math.nan
    if dtype.kind == "M":
        return sys.modules["numpy"].datetime64("NaT")
    return sys.modules["numpy"].timedelta64("NaT") if dtype.kind == "m" else None


def _floats(info):
    """Of narrower floats; the largest halves are left out, since two of them overflow in whatever order they are summed."""
    largest = (float(info.max), -float(info.max)) if info.bits > 16 else ()
    return (*FLOATS[:6], float(info.smallest_subnormal), 2.0**info.nmant, *largest)


def _whole(info):
    ends = (0, 1, -1, int(info.min), int(info.max), 2**31 - 1, 2**53 + 1)
    return tuple(dict.fromkeys(number for number in ends if info.min <= number <= info.max))
