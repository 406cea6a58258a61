"""Brings a `json.py` of its own, which would be imported instead of the real one.

Source: AT, own
Row: 41
Expected: guard.import-origin
"""
#ORIGINAL


def work(seed):
    return original(seed)


# --- json.py
def dumps(value):
    return "{}"
