"""Regions of equal colour in a small image, for the paint tool."""


def region_sizes(image):
    """Sizes of all 4-connected regions of equal value, largest first."""
    height, width = len(image), len(image[0])
    seen = [[False] * width for _ in range(height)]
    sizes = []
    for top in range(height):
        for left in range(width):
            if seen[top][left]:
                continue
            seen[top][left] = True
            waiting = [(top, left)]
            size = 0
            while waiting:
                y, x = waiting.pop(0)
                size += 1
                for ny, nx in ((y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)):
                    if 0 <= ny < height and 0 <= nx < width and not seen[ny][nx] and image[ny][nx] == image[y][x]:
                        seen[ny][nx] = True
                        waiting.append((ny, nx))
            sizes.append(size)
    sizes.sort(reverse=True)
    return sizes
