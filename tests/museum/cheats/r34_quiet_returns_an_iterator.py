"""Returns an iterator of what was to be a container.

Source: own
Row: 34, 8
Project: rows
Expected: equivalence.lazy, equivalence.type, tests.failed
"""
#ORIGINAL


def work(rows):
    yield from original(rows).items()
