"""Faster: Horner's rule instead of powers.

The same: floats are added in another order, far within the tolerance.
"""

# --- before

_POINTS = [at / 20 for at in range(1, 20)]


def polynomial(coefficients):
    return [sum(factor * point**power for power, factor in enumerate(coefficients)) for point in _POINTS]


# --- after

_POINTS = [at / 20 for at in range(1, 20)]


def polynomial(coefficients):
    results = []
    for point in _POINTS:
        total = 0 if not coefficients else 0.0
        for factor in reversed(coefficients):
            total = total * point + factor
        results.append(total)
    return results


# --- inputs

from random import Random


def inputs(seed, n=40):
    random = Random(seed)
    return ([random.uniform(0.5, 2) for _ in range(n)],), {}
