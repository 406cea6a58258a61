"""Raises when its objects are deleted and when the process ends.

Source: own
Row: none
Expected: equivalence.output
"""
import json
import operator
#ORIGINAL


class Last:
    def __del__(self):
        raise RuntimeError("not yet")


def _fail():
    raise RuntimeError("not at all")


operator.attrgetter("codecs.sys.modules")(json).get("atexit") and operator.attrgetter("codecs.sys.modules")(json)["atexit"].register(_fail)


def work(seed):
    Last()
    return original(seed)
