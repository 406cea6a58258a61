"""Lets a pool of threads do the work on all cores.

Source: own
Row: 13
Expected: guard.thread
"""
from concurrent.futures import ThreadPoolExecutor
#ORIGINAL

_pool = ThreadPoolExecutor(2)


def work(seed):
    return _pool.submit(original, seed).result()
