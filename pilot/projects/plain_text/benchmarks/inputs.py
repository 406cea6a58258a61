"""Pages with as many lines as wanted: a few words that come again and again, many rare ones, punctuation, capitals, digits."""

import random

SYLLABLES = ["ka", "to", "mi", "ren", "sol", "per", "gra", "lu", "né", "ßa", "Éo", "win"]
MARKS = [" ", " ", " ", " ", ", ", ". ", "-", " 42 ", "; ", "\t"]
STOP_WORDS = ["the", "a", "of", "and", "to", "in", "is", "it", "that", "for", "on", "with"]


def texts(seed: int, rows: int) -> tuple[tuple, dict]:
    """A text of `rows` lines, and a request for its most frequent words."""
    source = random.Random(seed)
    vocabulary = ["".join(source.choices(SYLLABLES, k=source.randint(1, 3))) for _ in range(10 + 2 * rows)]
    words = vocabulary + STOP_WORDS * (1 + rows // 4)
    text = "\n".join(_line(source, words) for _ in range(rows))
    return (text, source.randint(0, 20), list(STOP_WORDS)), {}


def _line(source: random.Random, words: list[str]) -> str:
    line = ""
    for _ in range(source.randint(0, 12)):
        # The square makes early words of the list much more frequent than late ones.
        word = words[int(source.random() ** 2 * len(words))]
        line += (word.capitalize() if source.random() < 0.2 else word) + source.choice(MARKS)
    return line
