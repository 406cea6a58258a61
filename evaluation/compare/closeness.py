"""Whether numbers are the same: exactly, or floating values within a tolerance scaled to what was expected."""

import math
import sys
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
RELATIVE = 1e-9  # of the larger of the two: re-association of sums stays below 3e-13, wrong formulas far above
OF_SCALE = 1e-12  # of the usual size of their neighbours, for sums in which much cancels
EPSILONS = 8  # for narrow floats: this many units of their own precision
NOISE = 2  # units of precision for each number in a column: what is usually so small beside their root mean square has cancelled
WORST = 8  # times as much may be left where it is most
NOISE_MOST = 64  # units of precision for narrow floats, however long their column is; for others `of_scale` is the end
NEAR_OVERFLOW = 2.0**-24  # of the largest number of a dtype, from which on adding in another order may end in an infinity
WIDE = 128  # the exponent's range of single precision


class Scale(Enum):
    """What a floating value is measured by, besides itself."""

    OWN = "own"  # nothing: a field of a record says nothing about the next one
    MANY = "many"  # the usual size among many numbers under one name
    COLUMN = "column"  # that, and where most have cancelled, what they have cancelled from


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far floating values may lie apart. Zero and zero: bits decide, NaN payload aside."""

    relative: float = 0.0
    of_scale: float = 0.0
    epsilon: float = sys.float_info.epsilon  # of the precision in which both sides may compute
    overflown: bool = False  # whether an infinity stands for whatever large number another order of adding may still give

    def at(self, dtype: np.dtype[Any]) -> "Tolerance":
        """The same tolerance for numbers of a dtype that may be coarser than it."""
        if dtype.kind not in "fc" or not self.relative:
            return self
        epsilon = float(np.finfo(dtype).eps)
        relative, of_scale = max(self.relative, EPSILONS * epsilon), max(self.of_scale, epsilon)
        return replace(self, relative=relative, of_scale=of_scale, epsilon=max(self.epsilon, epsilon))


EXACT = Tolerance()
NUMERIC = Tolerance(RELATIVE, OF_SCALE)
MADE_UP = Tolerance(RELATIVE, OF_SCALE, overflown=True)  # on inputs that nobody asked for
SINGLE = Tolerance(1e-5, 1e-7, float(np.finfo("f4").eps))


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


def differing(expected: Array, actual: Array, tolerance: Tolerance = EXACT, scale: Scale = Scale.OWN) -> Array:
    """Which elements differ. Both arrays have one shape; their dtypes are of one kind."""
    kind = expected.dtype.kind
    with np.errstate(all="ignore"):
        if kind == "c":
            return _complex_differing(expected, actual, tolerance.at(expected.dtype), scale)
        if kind == "f":
            return _floats_differing(expected, actual, tolerance.at(expected.dtype), scale)
        if kind == "V":
            return np.asarray(expected.tobytes() != actual.tobytes())
        if kind in "mM":
            return np.asarray(expected.view("i8") != actual.view("i8"))
        return np.asarray(expected != actual)


def lent(sizes: Array, tolerance: Tolerance, scale: Scale) -> Array:
    """How far a value may be off for the size of its neighbours alone: one number for each column where there are columns.

    By the lower median of those that are not zero, so that a few large ones don't hide the others. Only where even that is lost
    behind the last digits of the root mean square, they are what has cancelled, and the root mean square measures them.
    Beyond what its dtype can count one by one, a number is a measure of nothing: there lie the marks for missing values.
    """
    if scale is Scale.OWN:
        return np.zeros(())
    in_columns = sizes.ndim > 1 and sizes.size > sizes.shape[-1]  # a single row is no column of one
    flat = sizes.reshape(-1, sizes.shape[-1] if in_columns else 1)
    sizes = np.where(flat < 2 / np.finfo(flat.dtype).eps, flat, 0)
    sizes = np.sort(sizes.astype(np.promote_types(flat.dtype, "f8"), copy=False), axis=0)
    middle = (len(sizes) + np.sum(sizes == 0, axis=0) - 1) // 2
    usual = np.take_along_axis(sizes, np.minimum(middle, len(sizes) - 1)[np.newaxis], axis=0)[0]
    allowed = tolerance.of_scale * usual
    if scale is Scale.COLUMN:
        spread = np.sqrt(np.square(sizes).mean(axis=0))
        noise, most = NOISE * tolerance.epsilon * len(sizes), max(tolerance.of_scale, NOISE_MOST * tolerance.epsilon)
        allowed = np.where(usual <= min(noise, most) * spread, min(WORST * noise, most) * spread, allowed)
    return np.asarray(allowed if allowed.size > 1 else allowed.reshape(()))


def _floats_differing(
    expected: Array, actual: Array, tolerance: Tolerance, scale: Scale, sizes: tuple[Array, Array] | None = None
) -> Array:
    """Which floats differ; `sizes` are those that count as theirs: of the parts of a complex number, its own."""
    same = (expected == actual) & (np.signbit(expected) == np.signbit(actual))
    same |= np.isnan(expected) & np.isnan(actual)
    if tolerance.relative and not same.all():
        sizes = sizes or (np.abs(expected), np.abs(actual))
        finite = np.isfinite(expected) & np.isfinite(actual) & ~((expected == 0) & (actual == 0))
        allowed = tolerance.relative * np.maximum(np.abs(expected), np.abs(actual)) + tolerance.of_scale * np.maximum(*sizes)
        same |= finite & (np.abs(expected - actual) <= allowed)
        if tolerance.overflown:
            same |= _overflown(expected, actual)
        if not same.all():  # the smaller of both: a side can't raise it alone
            beside = np.minimum(*(lent(each, tolerance, scale) for each in sizes))
            same |= finite & (np.abs(expected - actual) <= allowed + beside)
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


def _complex_differing(expected: Array, actual: Array, tolerance: Tolerance, scale: Scale) -> Array:
    sizes = (np.abs(expected), np.abs(actual))
    parts = [
        _floats_differing(np.asarray(part(expected)), np.asarray(part(actual)), tolerance, scale, sizes)
        for part in (np.real, np.imag)
    ]
    return np.asarray(parts[0] | parts[1])
