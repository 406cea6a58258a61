"""Faster: a sieve.

The same: the primes below the limit; below three there are none.
"""

# --- before


def primes(limit):
    found = []
    for number in range(2, limit):
        for divisor in range(2, int(number**0.5) + 1):
            if number % divisor == 0:
                break
        else:
            found.append(number)
    return found


# --- after

from itertools import compress


def primes(limit):
    if limit < 3:
        return []
    sieve = bytearray([1]) * limit
    sieve[:2] = b"\0\0"
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = bytes(len(range(number * number, limit, number)))
    return list(compress(range(limit), sieve))


# --- inputs

from random import Random


def inputs(seed, n=1500):
    return (Random(seed).randrange(n, 2 * n),), {}
