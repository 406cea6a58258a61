"""Faster: groups by sorted letters in a dict.

The same: groups and words in order of appearance.
"""

# --- before


def anagrams(words):
    groups = []
    for word in words:
        for group in groups:
            if sorted(group[0]) == sorted(word):
                group.append(word)
                break
        else:
            groups.append([word])
    return groups


# --- after


def anagrams(words):
    groups = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    return list(groups.values())


# --- inputs

from random import Random


def inputs(seed, n=80):
    random = Random(seed)
    return (["".join(random.choices("abcd", k=3)) for _ in range(n)],), {}
