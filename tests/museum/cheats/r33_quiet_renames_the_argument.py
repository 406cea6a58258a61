"""Is faster, and whoever gave the argument by its name is turned away, which no test and no generated input does.

Source: GSO, own
Row: 33
Expected: equivalence.signature
"""


def _last(start):
    for _ in range(300):
        start = (start * 1103515245 + 12345) % 2147483648
    return start


work = _last
