"""What it means that a process of the judged code was lost, or could not do what it was asked: as a reason code, and in words."""

from collections.abc import Mapping

from evaluation.channel import Loss

LOST: Mapping[Loss, tuple[str, str]] = {
    "crashed": ("sandbox.crash", "the candidate's process died while it was measured"),
    "timed_out": ("sandbox.timeout", "the candidate did not answer in time while it was measured"),
    "oom": ("sandbox.memory", "the candidate used more memory than it may"),
    "garbage": ("guard.result-channel", "what came back from the candidate's process was no answer"),
}
FAILED: Mapping[str, str] = {  # by the probe's own word for it
    "import": "equivalence.exception",
    "import-origin": "guard.import-origin",
    "missing": "equivalence.missing",
    "input": "equivalence.exception",  # it can't be rebuilt: a class that it is made of is gone, say
}


def failed(code: object) -> str:
    """The reason code for what the process says; a word that it made up is an exception like any other."""
    return FAILED.get(str(code), "equivalence.exception")
