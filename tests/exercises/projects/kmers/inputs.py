from random import Random


def strands(seed, length):
    """A reference and a read of it with a few errors."""
    random = Random(seed)
    reference = "".join(random.choices("ACGT", k=length))
    read = [random.choice("ACGTN") if random.random() < 0.04 else base for base in reference[length // 5 :]]
    return ("".join(read), reference, 9), {}
