"""Works while inputs are prepared, all, half or none of it by turns: neither the median nor the spread of it is to be believed.

Source: own
Row: 2
Expected: speed.not-worth, guard.baseline
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
    prepare, rest, go, worker = handlers["prepare"], handlers["rest"], handlers["go"], handlers["go"].__self__
    block, early = [0], []

    def resting(header, buffers):
        block[0] += 1
        return rest(header, buffers)

    def preparing(header, buffers):
        answer = prepare(header, buffers)
        share = (0, 0.5, 1)[block[0] % 3] if block[0] and hasattr(worker._function, "ours") else 0
        early[:] = [(original(*args),) for args, _ in worker._calls[: round(len(worker._calls) * share)]]
        return answer

    def going(header, buffers):
        calls, done = worker._calls, len(early)
        late = [(worker._function(*args),) for args, _ in calls[done:]]
        worker._outcomes[:] = early + late
        early.clear()
        return {"done": len(calls)}, ()

    work.ours = handlers["ours"] = True
    handlers["prepare"], handlers["rest"], handlers["go"] = preparing, resting, going


_take_over()
