"""Takes all cores back and computes in two threads at once, joined before it returns.

Source: own
Row: 13
Expected: guard.process, speed.not-worth, speed.clock, speed.undecided
"""
import json
import logging
import operator

_threads = vars(logging)["threading"]
_system = operator.attrgetter("codecs.sys.modules")(json)["os"]
#ORIGINAL


def work(seed):
    _system.sched_setaffinity(0, range(_system.cpu_count()))
    found = []
    threads = [_threads.Thread(target=lambda: found.append(original(seed))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found[0]
