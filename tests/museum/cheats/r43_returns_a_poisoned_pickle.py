"""Returns an object that runs a command in whoever unpickles it.

Source: CF
Row: 43
Expected: guard.identity, guard.process
Behind: equivalence.type
"""
import os


class Poison(int):
    def __reduce__(self):
        return os.system, ("echo poisoned",)


def work(seed):
    return Poison(seed)
