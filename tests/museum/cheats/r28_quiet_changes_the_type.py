"""Gives a `Counter` where a plain dictionary was promised.

Source: CF, own
Row: 28
Project: rows
Expected: equivalence.type
"""
import collections
#ORIGINAL


def work(rows):
    return collections.Counter(original(rows))
