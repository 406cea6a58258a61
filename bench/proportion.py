"""Of so many, so many: with what that says about the next ones."""

from scipy import special


def proportion(hits: int, count: int) -> str:
    """Hits of how many, with the exact 95 % interval."""
    low = special.betaincinv(hits, count - hits + 1, 0.025) if hits else 0.0
    high = special.betaincinv(hits + 1, count - hits, 0.975) if hits < count else 1.0
    return f"{hits} of {count} [{low:.1%}, {high:.1%}]"
