"""Writes ten megabytes a call to its output.

Source: own
Row: none
Expected: equivalence.output
"""
#ORIGINAL


def work(seed):
    print("x" * 10_000_000)
    return original(seed)
