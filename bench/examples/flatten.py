from typing import Any


def flatten(tree: list[Any], limit: int = 3) -> list[Any]:
    """The leaves, down to a depth; what lies deeper stays as it is."""
    found: list[Any] = []
    for item in tree:
        if isinstance(item, list) and limit > 0:
            found.extend(flatten(item, limit - 1))
        else:
            found.append(item)
    return found
