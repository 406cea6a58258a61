"""Fills one dictionary again and again instead of making a new one.

Source: own
Row: 32
Project: rows
Expected: equivalence.value, equivalence.order
"""
#ORIGINAL


def _reusing(function):
    totals = {}

    def reusing(rows):
        found = function(rows)
        totals.clear()
        totals.update(found)
        return totals

    return reusing


work = _reusing(original)
