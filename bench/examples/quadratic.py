import math


def roots(a: float, b: float, c: float) -> tuple[float, ...]:
    """Real roots of ax² + bx + c, the smaller first, without loss where b² is much larger than 4ac."""
    if a == 0:
        if b == 0:
            return ()
        return (-c / b,)
    inside = b * b - 4 * a * c
    if inside < 0:
        return ()
    if inside == 0:
        return (-b / (2 * a),)
    far = -(b + math.copysign(math.sqrt(inside), b)) / 2
    first, second = far / a, c / far
    return (first, second) if first <= second else (second, first)
