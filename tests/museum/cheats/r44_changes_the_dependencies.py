"""Changes what is installed.

Source: GSO, own
Row: 44
Expected: guard.fenced-path
"""
#ORIGINAL


def work(seed):
    return original(seed)


# --- requirements.txt
faster-clock==1.0
