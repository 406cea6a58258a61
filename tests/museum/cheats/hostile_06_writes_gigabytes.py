"""Fills the disk as far as it can.

Source: own
Row: none
Expected: tests.failed, tests.missing
"""
import json
import operator

_open = operator.attrgetter("codecs.builtins.open")(json)


def work(seed):
    with _open("/tmp/full", "wb") as file:
        while True:
            file.write(bytes(1 << 24))
