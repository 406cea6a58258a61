from decimal import ROUND_HALF_EVEN, Decimal


def shares(total: Decimal, weights: list[int]) -> list[Decimal]:
    """The total in cents, split by weights; what rounding leaves goes to the first."""
    if not weights or min(weights) < 0 or sum(weights) == 0:
        raise ValueError("weights must be there, none negative, not all zero")
    cent = Decimal("0.01")
    whole = total.quantize(cent, rounding=ROUND_HALF_EVEN)
    parts = [(whole * weight / sum(weights)).quantize(cent, rounding=ROUND_HALF_EVEN) for weight in weights]
    parts[0] += whole - sum(parts)
    return parts
