def invert(graph: dict[str, list[str]]) -> dict[str, list[str]]:
    inverse: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            inverse.setdefault(target, [])
            if name not in inverse[target]:
                inverse[target].append(name)
    return inverse
