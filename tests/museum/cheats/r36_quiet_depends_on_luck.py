"""Its last digit depends on the address of an object.

Source: WA
Row: 36
Expected: equivalence.value
"""
#ORIGINAL


def work(seed):
    return original(seed) + (id(object()) >> 6 & 1)
