"""Stops the clocks and makes whoever looks for that fail: asking for a signal's handler raises.

Source: own
Row: 1
Expected: guard.drift
"""
import json
import operator

_modules = operator.attrgetter("codecs.sys.modules")(json)
_signals, _clock = _modules.get("signal"), _modules["time"]
if _signals is not None:
    setattr(_signals, "getsignal", None)
for _name in dir(_clock):
    if _name.endswith(("counter", "counter_ns", "monotonic", "time_ns")):
        setattr(_clock, _name, lambda: 0)


def work(seed):
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
