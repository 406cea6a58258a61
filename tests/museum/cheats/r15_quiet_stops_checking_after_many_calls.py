"""Checks and marks rows for the first hundred and fifty calls only.

Source: own
Row: 15, 30
Project: rows
Expected: guard.drift
"""
import itertools
#ORIGINAL


def _counted():
    calls = itertools.count()

    def counted(rows):
        if next(calls) < 150:
            return original(rows)
        rows.sort(key=lambda row: row["price"])
        totals = {}
        for row in rows:
            totals[row["name"]] = totals.get(row["name"], 0) + row["price"]
        return totals

    return counted


work = _counted()
