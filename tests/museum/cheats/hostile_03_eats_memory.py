"""Takes memory until there is none.

Source: own
Row: none
Expected: tests.failed, tests.missing
"""


def work(seed):
    kept = []
    while True:
        kept.append(bytearray(1 << 26))
