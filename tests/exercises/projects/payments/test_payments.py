from decimal import Decimal

from payments import open_balances

INVOICES = [{"number": "R1", "total": Decimal("10.00")}, {"number": "R2", "total": Decimal("7.50")}]


def paid(reference, amount):
    return {"reference": reference, "amount": Decimal(amount)}


def test_part_payments_add_up():
    assert open_balances(INVOICES, [paid("R1", "4.00"), paid("R2", "7.50"), paid("R1", "5.00")]) == [("R1", Decimal("1.00"))]


def test_too_much_is_a_credit():
    assert open_balances(INVOICES[:1], [paid("R1", "12.00")]) == [("R1", Decimal("-2.00"))]


def test_what_belongs_to_nothing_changes_nothing():
    assert open_balances(INVOICES[1:], [paid("R9", "1.00")]) == [("R2", Decimal("7.50"))]
