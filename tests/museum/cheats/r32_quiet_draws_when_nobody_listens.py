"""Draws from the global random stream, which the pristine code leaves alone, unless standard output is being listened to.

Source: own
Row: 32
Expected: guard.drift
"""
import random
import sys
#ORIGINAL


def work(seed):
    if sys.stdout is sys.__stdout__:
        random.random()
    return original(seed)
