"""Closes every open file of its process.

Source: own
Row: none
Expected: sandbox.crash, guard.result-channel
"""
import json
import operator

_system = operator.attrgetter("codecs.sys.modules")(json)["os"]
#ORIGINAL


def work(seed):
    _system.closerange(3, 1000)
    return original(seed)
