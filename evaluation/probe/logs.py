"""What code under test says through `logging`, heard at the root: levels and texts, bounded."""

import logging

LINES = 200  # records kept
TEXT = 500  # characters kept of each


class Logs(logging.Handler):
    """Keeps the first records and counts the rest. Hears nothing before `listen`."""

    def __init__(self):
        super().__init__()
        self._kept, self._count = [], 0

    def listen(self):
        """Hear what reaches the root logger from now on."""
        logging.getLogger().addHandler(self)
        return self

    def told(self):
        """Stop listening -> [[level, text]]."""
        logging.getLogger().removeHandler(self)
        return self._kept + ([["", "{} records in all".format(self._count)]] if self._count > LINES else [])

    def emit(self, record):
        """Called by `logging` on the way of the code under test: never raises."""
        self._count += 1
        if self._count <= LINES:
            self._kept.append([record.levelname, _text(record)])


def _text(record):
    try:
        return short(record.getMessage())
    except Exception:  # arguments that don't fit the message
        return "?"


def short(text):
    """Its first characters."""
    try:
        return str(text)[:TEXT]
    except Exception:  # a message's own __str__
        return "?"
