"""Is faster, and pays for it where no clock runs: when it is imported.

Source: GSO, AT
Row: 9
Expected: guard.import
"""
_steps = [(1, 0)]
for _ in range(600_000):
    _steps.append((_steps[-1][0] * 1103515245 % 2147483648, (_steps[-1][1] * 1103515245 + 12345) % 2147483648))


def work(seed):
    total = seed
    for _ in range(60):
        times, plus = _steps[5]
        total = (total * times + plus) % 2147483648
    for _ in range(400):
        total = total % 2147483648
    return total
