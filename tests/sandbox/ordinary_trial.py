"""Run as a script by somebody who is not root: tries the bounds of the bubblewrap tier and prints what happened, as JSON."""

import json
import time
from pathlib import Path

from sandbox.bubblewrap import Bubblewrap
from sandbox.spec import Limits, Mount, Result, Spec

HOARD = "import time\nx = []\nwhile True: x.append(b'x' * (1 << 20)); time.sleep(0.001)"
SHARE = """
import os, time
x = b'x' * (60 << 20)
for _ in range(3):
    if os.fork() == 0:
        time.sleep(0.6)
        os._exit(0)
time.sleep(0.6)
"""
BOMB = """
import os, time
made = 0
try:
    while made < 500:
        if os.fork() == 0:
            time.sleep(9)
        made += 1
except OSError:
    print(made, flush=True)
os._exit(0)
"""


def main() -> dict[str, object]:
    """What became of each attempt."""
    sandbox = Bubblewrap()
    python = sandbox.interpreter()

    def run(code: str, *mounts: Mount, **limits: float) -> Result:
        bounds = Limits(**{"seconds": 20, **limits})  # type: ignore[arg-type]
        return sandbox.run(Spec((python.path, "-I", "-c", code), (*python.mounts, *mounts), limits=bounds))

    folder = Path("out").absolute()
    folder.mkdir()
    hoard, share = run(HOARD, memory_mib=100), run(SHARE, memory_mib=120)
    written = run("open('/out/x', 'w').write('y')", Mount(folder, "/out", writable=True))
    with sandbox.start(Spec(("/bin/sleep", "9"))) as running:
        while not running.pids():
            time.sleep(0.01)
        accounts = [running.cpu_s(), len(running.pids() or ())]
    return {
        "notes": sandbox.probe().notes,
        "hoard": [hoard.exit, hoard.oom],
        "share": [share.exit, share.oom],
        "made": int(run(BOMB, processes=20).stdout),
        "late": run("import time; time.sleep(60)", seconds=1).timed_out,
        "left behind": run("import os, time\nif os.fork() == 0: time.sleep(60)").exit,
        "written": [written.exit, (folder / "x").read_text()],
        "accounts": accounts,
    }


if __name__ == "__main__":
    print(json.dumps(main()))
