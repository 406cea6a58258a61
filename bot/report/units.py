"""Numbers as people read them: a unit that fits, no digit more than was measured."""

import math

from evaluation.scorecard import Interval

_SECONDS = ((60.0, 1 / 60, "min"), (1.0, 1.0, "s"), (1e-3, 1e3, "ms"), (1e-6, 1e6, "µs"), (0.0, 1e9, "ns"))
_SCALES = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def significant(value: float, digits: int = 3) -> str:
    """`value` with so many significant digits, never in scientific notation."""
    if not math.isfinite(value) or value == 0:
        return "0" if value == 0 else "?"
    rounded = float(f"{value:.{digits - 1}e}")
    return f"{rounded:.{max(0, digits - 1 - math.floor(math.log10(abs(rounded))))}f}"


def seconds(value: float) -> str:
    """A measured time per call."""
    for least, factor, unit in _SECONDS:
        if abs(value) >= least * 0.9995:  # what would be rounded to 1000 of a unit is 1.00 of the next
            return f"{significant(value * factor)} {unit}"
    return "?"  # NaN


def elapsed(value: float) -> str:
    """How long something has been going on, for people who wait."""
    whole = max(0, round(value)) if math.isfinite(value) else 0
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def rate(value: float, noun: str) -> str:
    """`250 k rows/s`."""
    for least, prefix in _SCALES:
        if value >= least:
            return f"{significant(value / least)} {prefix} {noun}/s"
    return f"{significant(value)} {noun}/s"


def count(value: int) -> str:
    """A whole number, with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u202f")


def ratio(value: float) -> str:
    """A speed-up without its interval: two digits behind the point below 10, fewer above."""
    return f"{value:.2f}×" if value < 10 else f"{significant(value)}×"


def interval(value: Interval) -> str:
    """`2.31× [2.27, 2.35]`; a single number where there is no interval yet."""
    if value.low == value.high:
        return ratio(value.ratio)
    decimals = 2 if value.high < 10 else 1 if value.high < 100 else 0
    return f"{value.ratio:.{decimals}f}× [{value.low:.{decimals}f}, {value.high:.{decimals}f}]"


def gain(value: Interval) -> str:
    """The speed-up for a headline: one uncertain digit at most, and two that matter; with fewer, rounding would brag."""
    decimals = 2 if value.ratio < 2 else 1 if value.ratio < 10 else 0
    width = value.high - value.low
    if width > 0 and math.isfinite(width):
        decimals = min(decimals, 1 - math.floor(math.log10(width)))
    rounded = round(value.ratio, decimals)
    return f"{rounded:.{max(0, decimals)}f}×"


def percent(fraction: float) -> str:
    """`98.8 %`."""
    return f"{fraction * 100:.3g}\u202f%"


def mebibytes(value: float) -> str:
    """`31.2`; the unit stands once, beside both numbers."""
    return significant(value) if abs(value) >= 1 else f"{value:.2f}"
