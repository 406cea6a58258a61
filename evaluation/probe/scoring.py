"""The process that asks the project's own score what it thinks of the figures: for the change, and for no change at all.

Base commit only. It is given numbers and gives numbers: nothing of a candidate is here.
"""

import array
import importlib
import math
import os
import sys
import types
from typing import Any

if __name__ == "__main__":
    _package = types.ModuleType("hasten_probe")
    _package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules["hasten_probe"] = _package
    loading = importlib.import_module("hasten_probe.loading")
    serving = importlib.import_module("hasten_probe.serving")
else:
    from . import loading, serving


class Scorer:
    """The project's function, once it is imported."""

    def __init__(self, target):
        self._target = target
        self._name = "{path}::{name}".format(**target)
        self._function: Any = None

    def handlers(self):
        """What the judge may ask for."""
        return {"load": self.load, "score": self.score}

    def load(self, _header, _buffers):
        """Import the function; this takes as long as it takes."""
        side = loading.Side("baseline", self._target)
        sys.path[:0] = [root for root in side.roots if root not in sys.path]
        self._function = loading.resolve(side)
        return {"loaded": True}, ()

    def score(self, header, buffers):
        """[score of the change, score of no change] for each row of seconds: {"scores": [...]}."""
        before, after = (array.array("d", bytes(buffer)) for buffer in buffers)
        width = len(header["cells"])
        scores = []
        for start in range(0, len(before), width):
            base, changed = before[start : start + width], after[start : start + width]
            scores.append(
                [self._one(header["cells"], base, changed, "mem_cand"), self._one(header["cells"], base, base, "mem_base")]
            )
        return {"scores": scores}, ()

    def _one(self, cells, before, after, memory):
        rows = [
            {
                "params": dict(cell["params"]),
                "weight": cell["weight"],
                "t_base": before[at],
                "t_cand": after[at],
                "mem_base": cell["mem_base"],
                "mem_cand": cell[memory],
            }
            for at, cell in enumerate(cells)
        ]
        try:
            said = self._function(rows)
        except BaseException as error:  # the project's own code
            raise serving.Failed("score", "{} raised {}: {}".format(self._name, type(error).__name__, error)) from error
        return self._number(said)

    def _number(self, said):
        try:
            number = math.nan if isinstance(said, (bool, str, bytes)) else float(said)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            text = "{} must return a number, it returned {}".format(self._name, _shown(said))
            raise serving.Failed("score", text)
        return number


def _shown(said):
    return str(said) if isinstance(said, float) else type(said).__name__


if __name__ == "__main__":
    serving.serve(sys.argv[1], lambda target: Scorer(target).handlers())
