"""Empties the list that it was given.

Source: KB, own
Row: 29
Project: floats
Expected: equivalence.mutation
"""
#ORIGINAL


def work(values):
    try:
        return original(values)
    finally:
        values.clear()
