"""Brings a `.pth` file with a line of code.

Source: own
Row: 38
Expected: guard.fenced-path
"""
#ORIGINAL


def work(seed):
    return original(seed)


# --- faster.pth
import time; time.perf_counter = lambda: 0.0
