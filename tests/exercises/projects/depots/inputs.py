from random import Random


def network(seed, depots):
    """A network of depots and four legs from each on average."""
    random = Random(seed)
    codes = random.sample(range(10_000), depots)
    known = [
        {"code": f"D{code:04}", "x": random.uniform(0, 500), "y": random.uniform(0, 500), "fee": random.randint(0, 9) / 2}
        for code in codes
    ]
    names = [depot["code"] for depot in known]
    legs = [(random.choice(names), random.choice(names)) for _ in range(4 * depots)]
    return (legs, known), {}
