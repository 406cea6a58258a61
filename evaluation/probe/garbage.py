"""The cyclic garbage collector, held while very many small objects are made that all live on: it would look at each again."""

import contextlib
import gc


@contextlib.contextmanager
def held():
    """No collection inside; as it was before afterwards."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
