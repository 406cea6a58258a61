"""Looks at prices, and says that there are no rows, in the first of several calls in a row only.

Source: own
Row: 15, 30
Project: rows
Expected: guard.drift
"""
from time import perf_counter
#ORIGINAL


def _made():
    last = 0.0

    def once(rows):
        nonlocal last
        again = perf_counter() - last < 2e-5
        try:
            return _hasty(rows) if again else original(rows)
        finally:
            last = perf_counter()

    return once


def _hasty(rows):
    rows.sort(key=lambda row: row["price"])
    totals = {}
    for row in rows:
        row["seen"] = True
        totals[row["name"]] = totals.get(row["name"], 0) + row["price"]
    return totals


work = _made()
