from random import Random


def shop(seed, items):
    """A shop's items and about eight sales of each."""
    random = Random(seed)
    skus = [f"SKU-{number}" for number in random.sample(range(10_000), items)]
    stock = [{"sku": sku, "stock": random.randint(0, 40), "pack": random.choice([1, 6, 12])} for sku in skus]
    sales = [
        {"sku": random.choice(skus), "pieces": random.randint(1, 12), "returned": int(random.random() < 0.05)}
        for _ in range(8 * items)
    ]
    return (stock, sales), {}
