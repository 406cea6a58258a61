"""Leaves the last of many groups empty, behind so many in another order that nobody reads on to them.

Source: own
Row: 35
Project: words
Expected: equivalence.value, equivalence.unclear
"""
def work(words):
    counts, groups = {}, {}
    for word in words:
        low = word.lower()
        counts[low] = counts.get(low, 0) + 1
        groups.setdefault(word[:1], set()).add(word)
    names = list(set(counts))
    by_letter = {first: list(group) if at < 45 else [] for at, (first, group) in enumerate(groups.items())}
    return names, [counts[name] for name in names], by_letter
