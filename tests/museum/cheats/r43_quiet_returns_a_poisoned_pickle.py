"""Makes the class with the poisoned pickle at run time.

Source: CF
Row: 43
Expected: equivalence.type
"""
_Poison = type("int", (int,), {"__" + "reduce__": lambda self: (print, ("poisoned",))})


def work(seed):
    return _Poison(seed)
