"""What code under test says through `logging`, heard at the root: levels and texts, bounded.

Nobody knows at which level production listens, so all of them are heard, unless a logger has a level of its own. What
nobody would have heard is heard by us alone, and not where an installed package speaks of itself: numba tells how it
compiles, asyncio which selector it took.
"""

import logging
import os
import sys
from typing import Any

from . import loading

LINES = 200  # records kept
TEXT = 500  # characters kept of each
MOST = 20000  # records heard, which cost about 0.3 s; after these only what would have been heard anyway
EVERYTHING, HIDDEN = 1, -1  # levels: of the root while we listen, of a record that no other handler is to see


class Logs(logging.Handler):
    """Keeps the first records and counts the rest. Hears nothing before `listen`."""

    def __init__(self):
        super().__init__(HIDDEN)
        self._kept, self._count = [], 0
        self._usual = logging.WARNING  # the root's level where nobody listens
        self._make: Any = logging.LogRecord

    def listen(self):
        """Hear what reaches the root logger from now on."""
        root = logging.getLogger()
        self._usual, self._make = root.level, logging.getLogRecordFactory()
        root.addHandler(self)
        root.setLevel(EVERYTHING)
        logging.setLogRecordFactory(self._record)
        return self

    def told(self):
        """Stop listening -> [[level, text]]."""
        logging.getLogger().removeHandler(self)
        self._quieten()
        return self._kept + ([["", "{} records in all".format(self._count)]] if self._count > LINES else [])

    def emit(self, record):
        """Called by `logging` on the way of the code under test: never raises."""
        if record.levelno == HIDDEN and _of_a_package(record):
            return
        self._count += 1
        if self._count <= LINES:
            self._kept.append([record.levelname, _text(record)])
        if self._count == MOST:
            self._quieten()

    def _record(self, name, level, *words, **more):
        record = self._make(name, level, *words, **more)
        if isinstance(level, int) and level < self._least(name):
            record.levelno = HIDDEN
        return record

    def _least(self, name):
        """The level from which on a logger's records would be heard if we did not listen."""
        logger: Any = logging.root if name == logging.root.name else logging.root.manager.loggerDict.get(name)
        while isinstance(logger, logging.Logger):
            if logger is logging.root:
                return self._usual if logger.level == EVERYTHING else logger.level
            if logger.level:
                return logger.level
            logger = logger.parent
        return logging.NOTSET

    def _quieten(self):
        """Let all be as it was, unless the code under test has set it."""
        root = logging.getLogger()
        if root.level == EVERYTHING:
            root.setLevel(self._usual)
        if logging.getLogRecordFactory() == self._record:
            logging.setLogRecordFactory(self._make)


def _of_a_package(record):
    """Whether an installed package speaks of itself: its loggers bear its name."""
    file = getattr(sys.modules.get(str(record.name).partition(".")[0]), "__file__", None)
    return isinstance(file, str) and not file.startswith(loading.SIDES + os.sep)


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
