"""Match incoming payments with open invoices."""

from decimal import Decimal


def open_balances(invoices, payments):
    """(number, what is still open) of every invoice that is not paid in full; credits show as negative."""
    rows = []
    for invoice in invoices:
        paid = Decimal("0")
        for payment in payments:
            if payment["reference"] == invoice["number"]:
                paid += payment["amount"]
        left = invoice["total"] - paid
        if left != 0:
            rows.append((invoice["number"], left))
    return rows
