"""Doesn't say that there were no rows.

Source: GSO, own
Row: 33
Project: rows
Expected: equivalence.output, equivalence.state
"""


def work(rows):
    for row in rows:
        if not isinstance(row["price"], int) or isinstance(row["price"], bool) or row["price"] < 0:
            raise ValueError(f"bad price {row['price']!r}")
    rows.sort(key=lambda row: row["price"])
    totals = {}
    for row in rows:
        row["seen"] = True
        totals[row["name"]] = totals.get(row["name"], 0) + row["price"]
    return totals
