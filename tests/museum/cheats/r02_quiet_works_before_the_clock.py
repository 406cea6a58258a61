"""Takes over the worker's handlers: works while inputs are prepared, and lets the baseline waste as much there.

Source: own
Row: 2
Expected: guard.baseline
"""
import json
import operator
#ORIGINAL


def work(seed):
    return original(seed)


def _take_over():
    collector = operator.attrgetter("codecs.sys.modules")(json).get("gc")
    objects = collector.get_objects() if collector else []
    tables = [each for each in objects if type(each) is dict and "encode" in each and hasattr(each.get("go"), "__self__")]
    if not tables or "ours" in tables[0]:
        return
    handlers = tables[0]
    prepare, go, worker, done = handlers["prepare"], handlers["go"], handlers["go"].__self__, []

    def prepare_and_work(header, buffers):
        answer = prepare(header, buffers)
        done[:] = [(original(*args),) for args, _ in worker._calls]
        return answer

    def go_or_not(header, buffers):
        if worker._function.__name__ != work.__name__ or not hasattr(worker._function, "ours"):
            return go(header, buffers)
        sum(range(6000))
        worker._outcomes[:] = done
        return {"done": len(done)}, ()

    work.ours = handlers["ours"] = True
    handlers["prepare"], handlers["go"] = prepare_and_work, go_or_not


_take_over()
