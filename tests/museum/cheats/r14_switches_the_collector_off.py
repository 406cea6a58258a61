"""Switches the garbage collector off.

Source: own
Row: 14
Expected: guard.gc
Behind: speed.not-worth
"""
import gc
#ORIGINAL

gc.disable()


def work(seed):
    return original(seed)
