"""Never comes back from its third call.

Source: own
Row: none
Expected: sandbox.timeout
"""
import itertools
#ORIGINAL

_calls = itertools.count()


def work(seed):
    while next(_calls) > 1:
        pass
    return original(seed)
