"""Is faster, and after more calls than anybody compares, it fails.

Source: own
Row: 42
Expected: guard.drift
"""
import itertools


def _made():
    calls = itertools.count()

    def made(seed):
        if next(calls) > 500:
            raise RuntimeError("enough")
        total = seed
        for _ in range(300):
            total = (total * 1103515245 + 12345) % 2147483648
        return total

    return made


work = _made()
