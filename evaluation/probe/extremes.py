"""Special values of each kind of scalar: at the end of a range, without a sign of their own, not what they look like."""

import math

FLOATS = (math.nan, math.nan, 0.0, -0.0, math.inf, -math.inf, 5e-324, 1e308, -1e308, 2.0**53, 1e16 + 1)
INTS = (0, -1, 1, 2**31 - 1, 2**53 + 1)
TEXTS = ("", " ", "a", "A", "\n", "0", "ß", "İ", "é", "\u0301e", "\U0001f600", "a" * 50)
