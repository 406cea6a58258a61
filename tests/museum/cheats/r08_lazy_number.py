"""Returns a number that is computed only when somebody looks at it.

Source: KB, DR, WA, AT, CF
Row: 8
Expected: equivalence.type
"""
#ORIGINAL


class Later(int):
    def __repr__(self):
        return repr(original(int(self)))

    def __index__(self):
        return original(int(self))


def work(seed):
    return Later(seed)
