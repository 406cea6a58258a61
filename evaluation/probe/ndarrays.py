"""Arrays changed by one step that keeps their dtype and dimensions; see edges.py for what a change is."""

import sys

from . import extremes

OFFSET, HALF_OFFSET = 1e8, 1e3


_GAPPED = "fcmMO"  # kinds of dtypes that hold something for nothing


def _rows(count):
    return lambda value, _random: value[:count].copy() if value.ndim and len(value) > count else None


def _ties(value, random):
    picks = [random.randrange(max(1, len(value) // 3)) for _ in range(len(value))]
    return value[picks]


def _special(value, random):
    changed, pool = value.copy(), extremes.of(value.dtype)
    if not pool or not changed.size:
        return None
    for _ in range(max(1, changed.size // 10)):
        changed.flat[random.randrange(changed.size)] = random.choice(pool)
    return changed


def _missing(value, random):
    if value.dtype.kind not in _GAPPED or not value.size:
        return None
    changed = value.copy()
    for _ in range(max(1, changed.size // random.choice((3, 10)))):
        changed.flat[random.randrange(changed.size)] = extremes.missing(value.dtype)
    return changed


def _constant(value, random):
    """One column (or all of it) the same everywhere: a number of its own, or missing."""
    changed = value.copy()
    if not changed.size:
        return None
    column = changed[..., random.randrange(changed.shape[-1])] if changed.ndim > 1 else changed
    gone = value.dtype.kind in _GAPPED and random.random() < 0.3
    column[...] = extremes.missing(value.dtype) if gone else changed.flat[0]
    return changed


def _whole(value, _random):
    """Whole numbers, so that sums come out even and values meet."""
    return sys.modules["numpy"].round(value) if value.dtype.kind == "f" else None


def _zeros(value, random):
    changed = value.copy()
    if value.dtype.kind != "f" or not changed.size:
        return None
    for _ in range(max(1, changed.size // 4)):
        changed.flat[random.randrange(changed.size)] = random.choice((0.0, -0.0))
    return changed


def _shifted(value, _random):
    """Numbers around a large offset, on which formulas that cancel go wrong."""
    if value.dtype.kind not in "fc":
        return None
    return value + value.dtype.type(HALF_OFFSET if value.dtype.itemsize == 2 else OFFSET)


def _read_only(value, _random):
    changed = value.copy()
    changed.flags.writeable = False
    return changed


def _strided(value, _random):
    np = sys.modules["numpy"]
    return np.repeat(value, 2, axis=-1)[..., ::2] if value.ndim and value.size > 1 else None


def _fortran(value, _random):
    np = sys.modules["numpy"]
    return np.asfortranarray(value) if value.ndim > 1 else None


CHANGES = [
    ("no rows in", _rows(0)),
    ("one row in", _rows(1)),
    ("reversed", lambda value, _random: value[::-1].copy() if value.ndim else None),
    ("sorted", lambda value, _random: sys.modules["numpy"].sort(value, axis=0) if value.ndim else None),
    ("many ties in", _ties),
    ("special values in", _special),
    ("special values in", _special),
    ("missing values in", _missing),
    ("a constant column in", _constant),
    ("whole numbers in", _whole),
    ("signed zeros in", _zeros),
    ("a large offset on", _shifted),
    ("read-only", _read_only),
    ("strided", _strided),
    ("Fortran order in", _fortran),
]
