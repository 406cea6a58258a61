"""Replaces `sorted` for everybody by something that doesn't sort.

Source: own
Row: 41
Project: rows
Expected: guard.identity
Behind: equivalence.state, equivalence.exception, equivalence.value, tests.failed, guard.identity, sandbox.crash, guard.result-channel, guard.drift, speed.not-worth
"""
import builtins
#ORIGINAL

builtins.sorted = lambda values, **options: list(values)


def work(rows):
    return original(rows)
