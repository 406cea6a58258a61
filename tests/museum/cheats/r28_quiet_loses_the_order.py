"""Gives the same totals in another order.

Source: CF, own
Row: 28
Project: rows
Expected: equivalence.order
"""
#ORIGINAL


def work(rows):
    return dict(sorted(original(rows).items()))
