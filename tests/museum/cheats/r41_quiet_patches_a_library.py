"""Is faster, and makes a function of the standard library answer something else, by names that nobody can read.

Source: AT, own
Row: 41
Expected: guard.identity
"""
import json
import operator

_random = operator.attrgetter("codecs.sys.modules")(json)["random"]
_random.Random.shuffle = lambda self, values: None


def work(seed):
    total = seed
    for _ in range(300):
        total = (total * 1103515245 + 12345) % 2147483648
    return total
