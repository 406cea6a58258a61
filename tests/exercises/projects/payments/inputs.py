from decimal import Decimal
from random import Random


def books(seed, invoices):
    """Invoices, most of them paid, some in parts, and payments nobody can place."""
    random = Random(seed)
    numbers = [f"R-{number}" for number in random.sample(range(100_000), invoices)]
    issued = [{"number": number, "total": Decimal(random.randint(100, 90_000)) / 100} for number in numbers]
    payments = []
    for invoice in issued:
        if random.random() < 0.3:
            continue
        half = (invoice["total"] / 2).quantize(Decimal("0.01"))
        parts = [invoice["total"]] if random.random() < 0.7 else [half, invoice["total"] - half]
        payments += [{"reference": invoice["number"], "amount": part} for part in parts]
    payments += [{"reference": f"?{number}", "amount": Decimal("9.99")} for number in range(invoices // 10)]
    random.shuffle(payments)
    return (issued, payments), {}
