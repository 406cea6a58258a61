"""Is faster, and keeps something of each call with an input that it has not seen before, in a place that no name leads to.

Source: own
Row: 14, 16
Expected: guard.growth
"""


def _made():
    seen, kept = set(), []

    def made(seed):
        if seed not in seen:
            seen.add(seed)
            kept.append(bytearray(9000))
        total = seed
        for _ in range(300):
            total = (total * 1103515245 + 12345) % 2147483648
        return total

    return made


work = _made()
