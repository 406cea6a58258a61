"""Switches the garbage collector off.

Source: own
Row: 14
Expected: guard.gc
"""
import gc
#ORIGINAL

gc.disable()


def work(seed):
    return original(seed)
