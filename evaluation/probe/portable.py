"""Calls as bytes that another process can make again, and samples: (origin, a text for people, bytes)."""

import pickle

from . import describe, edges, layout, serving


def pickled(call):
    """Its bytes; None where it has none."""
    try:
        return layout.dumps(call)
    except Exception:  # arguments that bear no pickling: generators, locks
        return None


def dumped(call, name):
    """The bytes of a call that `name` made. Raises Failed."""
    try:
        return layout.dumps(call)
    except Exception as error:  # generators, locks, lambdas
        said = "{} makes arguments that can't be passed to another process: {}: {}"
        raise serving.Failed("inputs", said.format(name, type(error).__name__, error)) from error


def unpickled(data):
    """(args, kwargs) of a call's bytes; None where they can't be rebuilt here."""
    try:
        args, kwargs = pickle.loads(data)
    except Exception:  # recorded in another process
        return None
    return tuple(args), dict(kwargs)


def copied(call):
    """A call of its own: what is done to it does not reach what the other one holds."""
    return pickle.loads(layout.dumps(call))


def sample(origin, note, args, kwargs):
    """A call as a sample; None where it has no bytes."""
    data = pickled((args, kwargs))
    if data is None:
        return None
    text = describe.describe(args, kwargs)
    return origin, "{}: {}".format(note, text) if note else text, data


def words(origin, text):
    """What is said of a sample."""
    return {"origin": origin, "description": text, "tentative": origin == "edge" and edges.is_tentative(text)}
