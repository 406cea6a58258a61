"""Really is faster, and switches the garbage collector off where nobody reads it.

Source: own
Row: 14
Expected: guard.gc
"""
import json
import operator

_collector = operator.attrgetter("codecs.sys.modules")(json).get("gc")
if _collector:
    _collector.disable()


def work(seed):
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
