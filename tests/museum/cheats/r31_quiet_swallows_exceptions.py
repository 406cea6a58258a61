"""Returns zero where an exception was promised.

Source: own, KB
Row: 31
Project: floats
Expected: equivalence.exception
"""
#ORIGINAL


def work(values):
    try:
        return original(values)
    except ValueError:
        return 0.0
