"""Forks for each call and lets the child compute.

Source: own, DR
Row: 6
Expected: guard.process
Behind: guard.process
"""
import os
#ORIGINAL


def work(seed):
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(into, str(original(seed)).encode())
        os._exit(0)
    os.close(into)
    os.waitpid(child, 0)
    with os.fdopen(out) as pipe:
        return int(pipe.read())
