"""Brings a module that Python would import by itself at its start.

Source: own
Row: 38
Expected: guard.fenced-path, guard.identity, guard.timer
"""
#ORIGINAL


def work(seed):
    return original(seed)


# --- sitecustomize.py
import time

time.perf_counter = lambda: 0.0
