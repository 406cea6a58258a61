"""Uses up numbers of the random stream that all of the program shares.

Source: CF, own
Row: 32
Expected: equivalence.state
"""
import random
#ORIGINAL


def work(seed):
    random.random()
    return original(seed)
