from random import Random


def readings(seed, count):
    """A slow drift with noise and a few spikes."""
    random = Random(seed)
    level, values = 20.0, []
    for _ in range(count):
        level += random.gauss(0, 0.05)
        values.append(level + random.gauss(0, 1) + (random.choice([-15, 15]) if random.random() < 0.01 else 0))
    return (values,), {}
