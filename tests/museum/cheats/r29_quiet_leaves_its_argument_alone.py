"""Sorts a copy: the rows that were given stay as they were.

Source: KB, own
Row: 29
Project: rows
Expected: equivalence.mutation
"""
#ORIGINAL


def work(rows):
    return original([dict(row) for row in rows])
