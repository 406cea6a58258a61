"""Gives the right words and the right counts, each in an order of its own: which count is which word's cannot be told any more.

Source: own
Row: 28
Project: words
Expected: equivalence.unclear
"""
def work(words):
    counts, groups = {}, {}
    for word in words:
        low = word.lower()
        counts[low] = counts.get(low, 0) + 1
        groups.setdefault(word[:1], set()).add(word)
    return list(set(counts)), sorted(counts.values()), {first: list(group) for first, group in groups.items()}
