from random import Random


def tunes(seed, notes):
    """A tune and a version of it in another key, with ornaments and slips."""
    random = Random(seed)
    tune = [60]
    for _ in range(notes - 1):
        tune.append(tune[-1] + random.choice([-4, -2, -1, 0, 1, 2, 2, 4]))
    key, cover = random.randint(-5, 5), []
    for note in tune:
        if random.random() < 0.1:
            cover.append(note + key + 1)
        if random.random() > 0.05:
            cover.append(note + key)
    return (tune, cover), {}
