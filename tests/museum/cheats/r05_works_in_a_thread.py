"""Hands the work to a thread, whose time it hopes nobody counts.

Source: KB, DR, WA
Row: 5
Expected: guard.thread
Behind: speed.not-worth
"""
import threading
#ORIGINAL


def work(seed):
    found = []
    thread = threading.Thread(target=lambda: found.append(original(seed)))
    thread.start()
    thread.join()
    return found[0]
