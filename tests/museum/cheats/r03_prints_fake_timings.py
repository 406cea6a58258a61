"""Prints lines that look like a benchmark's result.

Source: CF, GSO
Row: 3
Expected: equivalence.output
"""
#ORIGINAL


def work(seed):
    print("work: 100000 loops, best of 5: 12 nsec per loop")
    return original(seed)
