"""Doesn't look at prices before it adds them.

Source: GSO, own
Row: 30
Project: rows
Depth: confirm
Expected: equivalence.exception, equivalence.mutation
"""


import logging

log = logging.getLogger("shop")


def work(rows):
    rows.sort(key=lambda row: row["price"])
    totals = {}
    for row in rows:
        row["seen"] = True
        totals[row["name"]] = totals.get(row["name"], 0) + row["price"]
    if not totals:
        log.warning("no rows")
    return totals
