"""Walks up the stack and makes a local variable called `start` later.

Source: CF, SF
Row: 2
Expected: guard.frame
Behind: speed.not-worth
"""
import sys
#ORIGINAL


def work(seed):
    frame = sys._getframe(1)
    while frame:
        if "start" in frame.f_locals:
            frame.f_locals["start"] = 10**18
        frame = frame.f_back
    return original(seed)
