"""The project's own check of a result: asked whether it is right, whatever the check makes of it."""

import sys

from . import decode, loading, serving


class Check:
    """A function that says whether a result is right."""

    def __init__(self, side, name):
        """Raises Failed where there is none to ask."""
        try:
            self._function, self._name = loading.resolve(side), name
        except serving.Failed as failure:
            raise serving.Failed("check", "`check`: {}".format(failure)) from failure

    def objection(self, args, kwargs, answer, buffers):
        """What it has against a result, None or a sentence.

        That it raises, or gives no truth value, is an answer: on the function's own results it did neither.
        """
        try:
            result = decode.Decoder(answer["value"], buffers).child(answer["result"])
        except Exception as error:  # whatever it is made of, a check that can't be shown it does not accept it
            return "{} can't be shown the result: {}".format(self._name, _said(error))
        try:
            said = self._function(args, kwargs, result)
        except BaseException as error:  # it may also want to exit
            return "{} raised {} on the result".format(self._name, _said(error))
        if not _is_truth(said):
            return "{} must return True or False, it returned {}".format(self._name, type(said).__name__)
        return None if said else "{} does not accept the result".format(self._name)


def _is_truth(said):
    """Whether it is True or False; numpy has its own, which comparing its numbers gives."""
    np = sys.modules.get("numpy")
    return type(said) is bool or (np is not None and type(said) is np.bool_)


def _said(error):
    return str(error) if isinstance(error, decode.Undecodable) else "{}: {}".format(type(error).__name__, error)
