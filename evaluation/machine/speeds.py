"""What the speed probe says of this machine, run in the kind of sandbox that measures, before any candidate's code."""

import json
import math
from collections.abc import Mapping

from evaluation.channel import PROBE
from sandbox.environment import Environment
from sandbox.spec import Limits, Mount, Spec
from sandbox.tier import Sandbox

SECONDS = 60.0  # it takes about two, on a machine that is no wreck


def measured(sandbox: Sandbox, environment: Environment, owner: str) -> Mapping[str, float]:
    """The probe's figures by name; empty where it can't run."""
    argv = (environment.python, "-I", "-B", "/probe/speed.py")
    mounts = (*environment.mounts, Mount(PROBE, "/probe"))
    result = sandbox.run(Spec(argv, mounts, environment=environment.variables, limits=Limits(seconds=SECONDS), owner=owner))
    return read(result.stdout) if result.ok else {}


def read(text: bytes) -> Mapping[str, float]:
    """Figures in the probe's words; what is no positive number is left out."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    pairs = found.items() if isinstance(found, dict) else ()
    return {str(name): float(rate) for name, rate in pairs if type(rate) in (int, float) and 0 < rate < math.inf}
