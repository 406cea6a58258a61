"""Single values, drawn so that things meet: small numbers that repeat, words that come again, days close together.

One `Draw` makes the values of one call. What it holds is the call's mood: how far numbers reach, which letters there are, how
often something special turns up. Inputs without a mood are all alike, and none of them has ties.
"""

import datetime
import decimal
import fractions
import string

from .extremes import FLOATS, INTS, TEXTS

DEPTH = 3
_ALPHABETS = ("ab", "ab ", "aA1 ", "abc.,-", string.ascii_letters + string.digits + " ,.;\n")
_MOMENTS = (
    datetime.datetime(2024, 2, 28, 23, 30),
    datetime.datetime(2023, 12, 29, 8),
    datetime.datetime(2024, 3, 31, 1, 30),
    datetime.datetime(1970, 1, 1),
)
_CENTS = ("0", "-0.00", "0.005", "0.015", "1E+3", "1.00", "-2.675")


class Draw:
    """The dice and the mood of one call. `size` is the length of its containers; None: drawn, often small."""

    def __init__(self, random, size=None):
        self.random, self.size = random, size
        self.reach = random.choice((1, 3, 3, 10, 10, 100))
        self.special = random.choice((0.0, 0.0, 0.1, 0.3))
        self.letters = random.choice(_ALPHABETS)
        self.words = [self.word() for _ in range(random.randrange(1, 5))]
        self.moment = random.choice(_MOMENTS)
        self.zone = datetime.timezone.utc if random.random() < 0.1 else None

    def length(self, depth):
        """How many items a container gets."""
        if depth <= 0:
            return 0
        if self.size is not None:
            return self.size if depth == DEPTH else max(1, int(self.size**0.5)) if depth == DEPTH - 1 else 2
        return self.random.choice((0, 1, 2, 2, 3, 3, 5, 8, 20)) if depth > 1 else self.random.randrange(4)

    def word(self):
        """A few letters."""
        return "".join(self.random.choice(self.letters) for _ in range(self.random.randrange(1, 6)))

    def often(self):
        """Whether something special is due; never in what is timed."""
        return self.size is None and self.random.random() < self.special


def integer(draw, depth):
    """Small and repeating; as an argument of its own, by which people count loops, never large."""
    if draw.size is not None:
        return draw.random.randrange(10 * draw.size + 10)
    if depth == DEPTH:
        return draw.random.choice((0, 1, 2, -1, draw.random.randrange(1, 10), draw.random.randrange(-20, 100)))
    return draw.random.choice(INTS) if draw.often() else draw.random.randrange(-draw.reach, draw.reach + 1)


def floating(draw, _depth):
    """Whole numbers, so that sums come out even and zeros meet, between fractions of all magnitudes."""
    random = draw.random
    if draw.size is not None:
        return random.uniform(-100, 100)
    if draw.often():
        return random.choice(FLOATS)
    kind = random.random()
    if kind < 0.5:
        return float(random.randrange(-draw.reach, draw.reach + 1))
    if kind < 0.6:
        return random.uniform(-1, 1) * 10.0 ** random.randrange(-8, 10)
    return random.uniform(-draw.reach, draw.reach)


def text(draw, depth):
    """Words from a small vocabulary, or letters from a small alphabet."""
    if draw.often():
        return draw.random.choice(TEXTS)
    length = draw.length(depth)
    if draw.random.random() < 0.5 and draw.size is None:
        return draw.random.choice((" ", " ", ",", "", "\n", "  ")).join(draw.random.choice(draw.words) for _ in range(length))
    return "".join(draw.random.choice(draw.letters) for _ in range(length))


def octets(draw, depth):
    """Bytes."""
    return bytes(draw.random.choice((0, 10, 65, 66, 255, draw.random.randrange(256))) for _ in range(draw.length(depth)))


def truth(draw, _depth):
    """True or False."""
    return draw.random.random() < 0.5


def nothing(_draw, _depth):
    """None."""


def imaginary(draw, depth):
    """A complex number."""
    return complex(floating(draw, depth), floating(draw, depth))


def moment(draw, _depth):
    """Close to the other moments of the call."""
    days = draw.random.randrange(-draw.reach, draw.reach + 1) * draw.random.choice((1, 1, 7, 30))
    near = datetime.timedelta(days=days, minutes=30 * draw.random.randrange(48))
    return (draw.moment + near).replace(tzinfo=draw.zone)


def day(draw, depth):
    """A date."""
    return moment(draw, depth).date()


def clock(draw, depth):
    """A time of day."""
    return moment(draw, depth).time()


def span(draw, _depth):
    """A difference of moments."""
    return datetime.timedelta(
        days=draw.random.randrange(-draw.reach, draw.reach + 1), seconds=draw.random.choice((0, 0, 1, 3600))
    )


def exact(draw, _depth):
    """Money, mostly: a decimal with cents."""
    if draw.often():
        return decimal.Decimal(draw.random.choice(_CENTS))
    return decimal.Decimal(draw.random.randrange(-100 * draw.reach, 100 * draw.reach + 1)).scaleb(
        draw.random.choice((-2, -2, -3, 0))
    )


def ratio(draw, _depth):
    """A fraction."""
    return fractions.Fraction(draw.random.randrange(-draw.reach, draw.reach + 1), draw.random.randrange(1, draw.reach + 2))


def anything(draw, depth):
    """Where any object is welcome: a number or a text."""
    return draw.random.choice((integer, floating, text, nothing))(draw, min(depth, DEPTH - 1))


SCALARS = {
    int: integer,
    float: floating,
    str: text,
    bytes: octets,
    bool: truth,
    complex: imaginary,
    None: nothing,
    type(None): nothing,
    datetime.datetime: moment,
    datetime.date: day,
    datetime.time: clock,
    datetime.timedelta: span,
    decimal.Decimal: exact,
    fractions.Fraction: ratio,
    object: anything,
}
