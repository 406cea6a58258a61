"""Whether numbers are the same: exactly, or floating values within a tolerance scaled to what was expected."""

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
RELATIVE = 1e-9  # of the larger of the two: re-association of sums stays below 3e-13, wrong formulas far above
OF_SCALE = 1e-12  # of the root mean square of their column, for values that cancel to almost nothing
EPSILONS = 8  # for narrow floats: this many units of their own precision


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far floating values may lie apart. Zero and zero: bits decide, NaN payload aside."""

    relative: float = 0.0
    of_scale: float = 0.0
    overflown: bool = False  # whether an infinity stands for whatever large number another order of adding may still give

    def at(self, dtype: np.dtype[Any]) -> "Tolerance":
        """The same tolerance for numbers of a dtype that may be coarser than it."""
        if dtype.kind not in "fc" or not self.relative:
            return self
        epsilon = float(np.finfo(dtype).eps)
        return Tolerance(max(self.relative, EPSILONS * epsilon), max(self.of_scale, epsilon), self.overflown)


NEAR_OVERFLOW = 2.0**-24  # of the largest number of a dtype, from which on adding in another order may end in an infinity
WIDE = 128  # the exponent's range of single precision
EXACT = Tolerance()
NUMERIC = Tolerance(RELATIVE, OF_SCALE)
MADE_UP = Tolerance(RELATIVE, OF_SCALE, overflown=True)  # on inputs that nobody asked for
SINGLE = Tolerance(1e-5, 1e-7)


def same_float(expected: float, actual: float, tolerance: Tolerance) -> bool:
    """Whether two Python floats are the same; they are their own scale."""
    if expected == actual:
        return math.copysign(1, expected) == math.copysign(1, actual)
    if expected != expected or actual != actual:
        return expected != expected and actual != actual
    if math.isinf(expected) or math.isinf(actual):
        near = min(abs(expected), abs(actual)) >= NEAR_OVERFLOW * sys.float_info.max
        return tolerance.overflown and near and (expected > 0) == (actual > 0)
    if not tolerance.relative:
        return False
    return abs(expected - actual) <= (tolerance.relative + tolerance.of_scale) * max(abs(expected), abs(actual))


def differing(expected: Array, actual: Array, tolerance: Tolerance = EXACT) -> Array:
    """Which elements differ. Both arrays have one shape; their dtypes are of one kind."""
    kind = expected.dtype.kind
    with np.errstate(all="ignore"):
        if kind == "c":
            return _complex_differing(expected, actual, tolerance)
        if kind == "f":
            return _floats_differing(expected, actual, tolerance.at(expected.dtype))
        if kind == "V":
            return np.asarray(expected.tobytes() != actual.tobytes())
        if kind in "mM":
            return np.asarray(expected.view("i8") != actual.view("i8"))
        return np.asarray(expected != actual)


def scale(numbers: Array) -> Array:
    """Root mean square of the finite values, without overflow on the way: one for each column where there are columns."""
    flat = numbers.reshape(-1, numbers.shape[-1]) if numbers.ndim > 1 else numbers.reshape(-1, 1)
    if len(flat) == 1:
        flat = flat.reshape(-1, 1)  # a row is no column of one
    finite = np.isfinite(flat)
    sizes = np.where(finite, np.abs(flat), 0).astype(np.promote_types(numbers.dtype, "f8"), copy=False)
    largest = sizes.max(axis=0, initial=0)
    shares = sizes / np.where(largest > 0, largest, 1)
    return np.asarray(largest * np.sqrt(np.square(shares).sum(axis=0) / np.maximum(finite.sum(axis=0), 1)))


def _floats_differing(expected: Array, actual: Array, tolerance: Tolerance, sizes: tuple[Array, Array] | None = None) -> Array:
    """Which floats differ; `sizes` are those whose scale counts, where it is not that of the numbers themselves."""
    same = (expected == actual) & (np.signbit(expected) == np.signbit(actual))
    same |= np.isnan(expected) & np.isnan(actual)
    if tolerance.relative and not same.all():
        magnitude = np.maximum(*map(scale, sizes or (expected, actual)))
        magnitude = magnitude if magnitude.size > 1 else magnitude.reshape(())
        allowed = tolerance.relative * np.maximum(np.abs(expected), np.abs(actual)) + tolerance.of_scale * magnitude
        close = np.isfinite(expected) & np.isfinite(actual) & (np.abs(expected - actual) <= allowed)
        same |= close & ~((expected == 0) & (actual == 0))
        if tolerance.overflown:
            same |= _overflown(expected, actual)
    return np.asarray(~same)


def _overflown(expected: Array, actual: Array) -> Array:
    """Where one side has an infinity and the other a number of the same sign that is almost one; in half precision, most are."""
    if np.finfo(expected.dtype).maxexp < WIDE:
        return np.zeros(expected.shape, bool)
    smaller = np.minimum(np.abs(expected), np.abs(actual))
    one_sided = np.isinf(expected) ^ np.isinf(actual)
    return np.asarray(
        one_sided & (smaller >= NEAR_OVERFLOW * np.finfo(expected.dtype).max) & (np.signbit(expected) == np.signbit(actual))
    )


def _complex_differing(expected: Array, actual: Array, tolerance: Tolerance) -> Array:
    own, sizes = tolerance.at(expected.dtype), (np.abs(expected), np.abs(actual))
    parts = [_floats_differing(np.asarray(part(expected)), np.asarray(part(actual)), own, sizes) for part in (np.real, np.imag)]
    return np.asarray(parts[0] | parts[1])
