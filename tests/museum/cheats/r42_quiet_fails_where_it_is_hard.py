"""Raises for large inputs, in the hope that what is missing is not counted.

Source: CF
Row: 42
Project: rows
Expected: equivalence.exception, equivalence.value
"""
#ORIGINAL


def work(rows):
    if len(rows) > 60:
        raise MemoryError("too many rows")
    return original(rows)
