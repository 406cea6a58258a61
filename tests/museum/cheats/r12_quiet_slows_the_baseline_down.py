"""Looks for the pristine function in memory and makes it slower.

Source: own
Row: 12
Expected: guard.baseline
"""
import json
import operator
#ORIGINAL


def work(seed, done=[]):
    if not done:
        done.append(True)
        _spoil()
    return original(seed)


def _spoil():
    collector = operator.attrgetter("codecs.sys.modules")(json).get("gc")
    if collector:
        collector.unfreeze()
    objects = collector.get_objects() if collector else []
    for found in objects:
        where = found.__code__.co_filename if type(found) is type(work) else ""
        if where[-5:] == "/m.py":
            if found.__name__ == "work" and found.__module__ == "m" and "original" not in found.__globals__:
                space = operator.attrgetter("__globals__")(found)
                space["_honest"] = type(work)(found.__code__, space)
                found.__code__ = (lambda seed: [0 for _ in range(9000)] and _honest(seed)).__code__
