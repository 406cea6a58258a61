from random import Random


def pictures(seed, side):
    """A picture of a few large shapes with some noise on them."""
    random = Random(seed)
    image = [[0] * side for _ in range(side)]
    for colour in (1, 2, 3):
        top, left = random.randrange(side // 2), random.randrange(side // 2)
        for y in range(top, top + side // 2):
            for x in range(left, left + side // 2):
                image[y][x] = colour
    for _ in range(side * side // 20):
        image[random.randrange(side)][random.randrange(side)] = random.randrange(4)
    return (image,), {}
