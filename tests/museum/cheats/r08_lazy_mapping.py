"""Returns a dictionary that fills itself when it is asked.

Source: WA, CF
Row: 8
Project: rows
Expected: equivalence.type, tests.failed
"""
#ORIGINAL


class Later(dict):
    def __init__(self, rows):
        super().__init__()
        self.rows = rows

    def items(self):
        return original(self.rows).items()

    def __len__(self):
        return len(original(self.rows))


def work(rows):
    return Later(rows)
