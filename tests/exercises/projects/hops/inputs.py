from random import Random


def people(seed, count):
    """A network in which everybody knows a few others."""
    random = Random(seed)
    names = [f"p{number}" for number in range(count)]
    pairs = [tuple(random.sample(names, 2)) for _ in range(2 * count)]
    return (pairs, random.choice(names)), {}
