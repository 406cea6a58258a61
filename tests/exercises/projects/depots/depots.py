"""Costs of delivery legs between depots."""

import math


def find_depot(depots, code):
    for depot in depots:
        if depot["code"] == code:
            return depot
    raise KeyError(code)


def leg_costs(legs, depots, per_km=0.42):
    """(from, to, kilometres, cost) of each leg, by air line and a flat fee per depot."""
    result = []
    for start, end in legs:
        a = find_depot(depots, start)
        b = find_depot(depots, end)
        km = math.hypot(a["x"] - b["x"], a["y"] - b["y"])
        cost = km * per_km + a["fee"] + b["fee"]
        result.append((start, end, round(km, 3), round(cost, 2)))
    return result
