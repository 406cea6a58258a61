"""Flag sensor values that stick out from their surroundings."""


def outliers(values: list[float], width: int = 12, factor: float = 3.0) -> list[int]:
    """Positions whose value is further from the mean of the `width` values before than `factor` standard deviations."""
    flagged: list[int] = []
    for i in range(width, len(values)):
        window = values[i - width : i]
        mean = sum(window) / width
        variance = sum((value - mean) ** 2 for value in window) / width
        if abs(values[i] - mean) > factor * variance**0.5:
            flagged.append(i)
    return flagged
