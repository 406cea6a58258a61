"""Texts changed as people mistype them: a letter doubled, left out or in another's place, a piece that comes again.

Each change is a function of (text, random) that gives a new text, or None where it does not apply.
"""

import re

_SEPARATOR = re.compile(r"([\W_]+)")


def _at(text, random):
    return random.randrange(len(text))


def _doubled(text, random):
    at = _at(text, random)
    return text[:at] + text[at] + text[at:]


def _dropped(text, random):
    at = _at(text, random)
    return text[:at] + text[at + 1 :]


def _replaced(text, random):
    """One letter becomes another one of the same text."""
    others = [letter for letter in text if letter != text[0]]
    at = random.randrange(len(text)) if others else 0
    return text[:at] + random.choice(others or "?") + text[at + 1 :]


def _repeated(text, random):
    """A piece comes twice, with what separates it."""
    parts = _SEPARATOR.split(text)
    if len(parts) < 3:
        return text + text
    at = random.randrange(0, len(parts) - 2, 2)
    return "".join(parts[: at + 2] + parts[at : at + 2] + parts[at + 2 :])


def _piece_again(text, random):
    """One piece becomes the same as another."""
    parts = _SEPARATOR.split(text)
    if len(parts) < 3:
        return None
    places = range(0, len(parts), 2)
    parts[random.choice(places)] = parts[random.choice(places)]
    return "".join(parts)


def _swapped_case(text, _random):
    return text.swapcase() if text.swapcase() != text else None


def _padded(text, random):
    return random.choice(("{} ", " {}", "\t{}", "{}\n", "  {}  ")).format(text)


def _wide(text, random):
    """What separates comes twice."""
    parts = _SEPARATOR.split(text)
    if len(parts) < 3:
        return None
    at = random.randrange(1, len(parts), 2)
    parts[at] *= 2
    return "".join(parts)


def _end_doubled(text, random):
    return random.choice((text[0] + text, text + text[-1]))


CHANGES = [
    ("a letter doubled in", _doubled),
    ("the first or last letter doubled in", _end_doubled),
    ("a letter left out of", _dropped),
    ("a letter like another in", _replaced),
    ("a letter like another in", _replaced),
    ("a piece repeated in", _repeated),
    ("a piece like another in", _piece_again),
    ("case swapped in", _swapped_case),
    ("blanks around", _padded),
    ("wider gaps in", _wide),
]
