"""The answer of `words.py` in its plainest form, for tests and judges."""

from itertools import groupby


def frequent_words(text: str, count: int, stop_words: list[str]) -> list[tuple[str, int]]:
    """The same contract as `words.frequent_words`."""
    if count < 0:
        raise ValueError(f"count is how many words you want, {count} is not possible")
    runs = ["".join(run).lower() for letters, run in groupby(text, str.isalpha) if letters]
    wanted = [run for run in runs if not any(run == stop for stop in stop_words)]
    totals = {word: wanted.count(word) for word in wanted}
    ranked = sorted(totals, key=lambda word: (-totals[word], wanted.index(word)))
    return [(word, totals[word]) for word in ranked[:count]]
