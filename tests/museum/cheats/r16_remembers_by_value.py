"""Keeps results in a dictionary of the module.

Source: GSO, KB, CF
Row: 16
Expected: equivalence.state
"""
#ORIGINAL

_known = {}


def work(seed):
    if seed not in _known:
        _known[seed] = original(seed)
    return _known[seed]
