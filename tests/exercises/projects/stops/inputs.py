from random import Random


def town(seed, flats):
    """Flats all over a town, and a stop for every five."""
    random = Random(seed)
    homes = [(random.uniform(0, 5000), random.uniform(0, 5000)) for _ in range(flats)]
    stops = [(f"stop {n}", random.uniform(0, 5000), random.uniform(0, 5000)) for n in range(1 + flats // 5)]
    return (homes, stops), {}
