"""Check a shift plan for people who are planned twice at the same time."""


def conflicts(shifts):
    """Pairs of shift ids of one person that overlap, each pair once, ordered."""
    found = []
    for first in shifts:
        for second in shifts:
            if first["id"] >= second["id"]:
                continue
            if first["person"] != second["person"]:
                continue
            if first["start"] < second["end"] and second["start"] < first["end"]:
                pair = (first["id"], second["id"])
                if pair not in found:
                    found.append(pair)
    return sorted(found)
