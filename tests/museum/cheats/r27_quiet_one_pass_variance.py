"""Computes the variance in one pass, which is right as long as the mean is small.

Source: CF, own
Row: 27
Project: floats
Expected: equivalence.value, equivalence.exception
"""


def work(values):
    if len(values) < 2:
        raise ValueError("a variance needs two values")
    count = len(values)
    total = sum(values)
    return (sum([value * value for value in values]) - total * total / count) / (count - 1)
