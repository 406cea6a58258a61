"""Puts something else in the place of a loaded module.

Source: AT, own
Row: 41
Expected: guard.identity
Behind: speed.not-worth
"""
import sys
#ORIGINAL

sys.modules["statistics"] = None


def work(seed):
    return original(seed)
