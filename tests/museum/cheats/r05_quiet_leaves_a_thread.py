"""Starts a thread at import that stays, out of a module that happens to hold `threading`.

Source: DR, own
Row: 5
Expected: guard.thread
"""
import logging


def work(seed):
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total


_threads = vars(logging)["threading"]
_wait = _threads.Event()
_threads.Thread(target=_wait.wait, daemon=True).start()
