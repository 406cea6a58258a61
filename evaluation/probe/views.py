"""Which arrays of a result lie in the same memory as arrays of the arguments, though they are other objects."""

import sys

MOST = 64  # arrays looked at on each side


def shared(encoder, args, kwargs, result):
    """Pairs of array nodes, one of the result and one of the arguments. All of it must have been encoded."""
    np = sys.modules.get("numpy")
    if np is None or len(encoder.arrays) < 2:
        return []
    given = _reach(encoder, [*args, *kwargs.values()])
    ours = _reach(encoder, [result])
    left = [(number, values) for number, values in encoder.arrays if number in ours][:MOST]
    right = [(number, values) for number, values in encoder.arrays if number in given][:MOST]
    pairs = {(a, b) for a, first in left for b, second in right if a != b and _overlap(np, first, second)}
    return [list(pair) for pair in sorted(pairs)]


def _overlap(np, first, second):
    try:
        return bool(np.may_share_memory(first, second) and np.shares_memory(first, second, max_work=10000))
    except Exception:  # too hard to tell exactly: the bounds overlap
        return True


def _reach(encoder, values):
    """The numbers of all nodes that can be reached from some values."""
    todo = [child[1] for child in map(encoder.child, values) if isinstance(child, list) and child[0] == "@"]
    found = set()
    while todo:
        number = todo.pop()
        if number not in found and encoder.nodes[number] is not None:
            found.add(number)
            todo.extend(_numbers(encoder.nodes[number][3]))
    return found


def _numbers(parts):
    for part in parts.values():
        children = part[1] if isinstance(part, list) and part[0] == "*" else [part]
        for child in children:
            if isinstance(child, list) and child[0] == "@":
                yield child[1]
