"""How fast this machine is just now, in about two seconds: whole numbers, dictionaries, sorting, copying, scattered reads.

Prints {"int_loop": ..., "dict": ..., "sort": ..., "copy": ..., "strided": ...} as JSON: millions of steps per second, and GiB
per second for `copy`. A project puts what its target prints under `hardware.probe`; models' names, throttling and neighbours
are then seen for what they do. Standard library only; runs on its own.
"""

import json
import random
import sys
import time

SECONDS = 0.3  # for each figure
BYTES = 32 << 20  # beyond most caches


def int_loop():
    """(millions of steps, seconds) of arithmetic in the interpreter."""
    count = 100000
    total = 1
    start = time.perf_counter()
    for _ in range(count):
        total = (total * 1103515245 + 12345) % 2147483648
    return count / 1e6, time.perf_counter() - start


def dictionary():
    """Look-ups and insertions of short strings."""
    words = [str(number) for number in range(20000)]
    start = time.perf_counter()
    tally: dict[str, int] = {}
    for word in words:
        tally[word] = tally.get(word, 0) + 1
    return len(words) / 1e6, time.perf_counter() - start


def ordering():
    """Elements of a shuffled list of floats, sorted."""
    numbers = [random.random() for _ in range(50000)]
    start = time.perf_counter()
    numbers.sort()
    return len(numbers) / 1e6, time.perf_counter() - start


def copying():
    """GiB copied from one place to another."""
    source, target = (memoryview(bytearray(BYTES)) for _ in range(2))
    start = time.perf_counter()
    target[:] = source
    return BYTES / (1 << 30), time.perf_counter() - start


def scattered():
    """Single bytes read a page apart."""
    block = bytearray(BYTES)
    start = time.perf_counter()
    for offset in range(0, 4096, 512):
        block[offset::4096]
    return BYTES / 512 / 1e6, time.perf_counter() - start


PROBES = {"int_loop": int_loop, "dict": dictionary, "sort": ordering, "copy": copying, "strided": scattered}


def best(probe, seconds=SECONDS):
    """The best rate of several rounds: what the machine can do when left alone."""
    end = time.perf_counter() + seconds
    found = 0.0
    while True:
        amount, spent = probe()
        found = max(found, amount / max(spent, 1e-9))
        if time.perf_counter() > end:
            return found


if __name__ == "__main__":
    json.dump({name: round(best(probe), 3) for name, probe in PROBES.items()}, sys.stdout)
