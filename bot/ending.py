"""The ways a run ends before its time. Each carries the sentence that the person will read."""


class Unanswerable(Exception):
    """The run ends here, kindly: `str(error)` is what the person reads (Markdown); empty: nobody is told."""


class Misconfigured(Unanswerable):
    """What the project says about itself can't be used: its author can put it right."""


class Cancelled(Exception):
    """Somebody asked us to stop."""


class Transient(Exception):
    """The world failed in a way that usually passes: a durable step tries again before it gives up."""


class BadInput(Exception):
    """The command line asked for something that cannot be meant; one clear line, exit 2, nothing written."""
