"""The ways a run ends before its time. Each carries the sentence that the person will read."""


class Unanswerable(Exception):
    """The run ends here, kindly: `str(error)` is what the person reads (Markdown)."""


class Cancelled(Exception):
    """Somebody asked us to stop."""
