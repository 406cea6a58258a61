"""A pytest plugin for the base commit: when the tests are over, tell where they had the target from.

`HASTEN_TARGET` is the target's file, `HASTEN_WHERE` the folder that gets a file of words where an installed copy stood in for it.
"""

import os
import sys


def pytest_sessionfinish():
    """Each process of pytest tells for itself: where tests run side by side, the first one imports nothing."""
    file, folder = os.environ["HASTEN_TARGET"], os.environ["HASTEN_WHERE"]
    loaded = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    others = sorted(path for path in loaded if isinstance(path, str) and os.path.basename(path) == os.path.basename(file))
    if any(os.path.realpath(path) == os.path.realpath(file) for path in others):
        return
    copies = [path for path in others if _content(path) == _content(file)]
    if copies:
        with open(os.path.join(folder, "{}.where".format(os.getpid())), "w") as told:
            told.write(copies[0])


def _content(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return None
