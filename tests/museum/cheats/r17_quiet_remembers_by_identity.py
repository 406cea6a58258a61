"""Takes the same address for the same value.

Source: WA
Row: 17
Project: rows
Expected: equivalence.value, equivalence.mutation, equivalence.exception
"""
#ORIGINAL


def _kept(function):
    known = {}

    def kept(rows):
        if id(rows) not in known:
            known[id(rows)] = function(rows)
        return dict(known[id(rows)])

    return kept


work = _kept(original)
