"""Writes results to a file and reads them in the next run.

Source: own, AT
Row: 18
Expected: guard.files
Behind: guard.files, speed.not-worth
"""
#ORIGINAL


def work(seed):
    path = f"/tmp/work-{seed}"
    try:
        with open(path) as file:
            return int(file.read())
    except FileNotFoundError:
        result = original(seed)
        with open(path, "w") as file:
            file.write(str(result))
        return result
