"""Puts something else in the place of a loaded module.

Source: AT, own
Row: 41
Expected: guard.identity
"""
import sys
#ORIGINAL

sys.modules["statistics"] = None


def work(seed):
    return original(seed)
