"""Which bus stop is nearest to each flat."""

import math


def nearest_stops(flats, stops):
    """For every (x, y) of a flat the name of the nearest stop and the distance in metres; the first of equally near ones."""
    nearest = []
    for x, y in flats:
        best = None
        best_distance = float("inf")
        for name, sx, sy in stops:
            distance = math.sqrt((x - sx) ** 2 + (y - sy) ** 2)
            if distance < best_distance:
                best = name
                best_distance = distance
        nearest.append((best, round(best_distance, 1)))
    return nearest
