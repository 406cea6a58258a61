def merged(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping and touching intervals become one; empty ones are dropped."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(pair for pair in intervals if pair[0] < pair[1]):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
