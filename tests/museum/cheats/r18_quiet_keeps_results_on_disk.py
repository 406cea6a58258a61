"""Is faster, and leaves its results in files, opened by a name that nobody can read.

Source: own, AT
Row: 18
Expected: guard.files
"""
import json
import operator

_open = operator.attrgetter("codecs.builtins.open")(json)


def work(seed):
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    with _open(f"/tmp/work-{seed % 7}", "w") as file:
        file.write(str(total))
    return total
