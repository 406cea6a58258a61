"""Faster: five counts in C instead of a loop over letters.

The same: each letter is one of the five or none.
"""

# --- before


def vowels(text):
    count = 0
    for letter in text:
        if letter in ("a", "e", "i", "o", "u"):
            count += 1
    return count


# --- after


def vowels(text):
    return sum(text.count(vowel) for vowel in "aeiou")


# --- inputs

from random import Random


def inputs(seed, n=4000):
    return ("".join(Random(seed).choices("abcdefghijklmnopqrstuvwxyz ", k=n)),), {}
