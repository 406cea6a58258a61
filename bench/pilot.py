"""What the agent `recipes` alone gains on the pilot's projects: the whole search and confirmation, on this machine.

Ratios with their 98.8 % intervals as the judge states them; the process count, clock and machine stand in each row.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from pilot.histories import names, plant


def main() -> None:
    """One row per project."""
    print("pilot: project, outcome, speed-up [interval], clock and processes, seconds of judging")
    with tempfile.TemporaryDirectory() as folder:
        for name in names():
            print(f"pilot: {name}: {row(name, Path(folder))}", flush=True)


def row(name: str, folder: Path) -> str:
    """The result of one search, in words."""
    plant(name, folder / name)
    settings = yaml.safe_load((folder / name / ".hasten.yml").read_text(encoding="utf-8"))
    out = folder / f"{name}.json"
    command = [sys.executable, "-m", "bot", "optimize", str(folder / name), "--target", settings["targets"][0]["function"]]
    done = subprocess.run([*command, "--json", str(out)], capture_output=True, text=True, check=False, timeout=900)
    if done.returncode == 1:
        return "nothing proven, nothing broken"
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr.strip().splitlines()[-1]}"
    card = json.loads(out.read_text(encoding="utf-8"))
    speed = card["speedup"]
    told = f"{card['outcome']}, {speed['ratio']:.2f}x [{speed['low']:.2f}, {speed['high']:.2f}]"
    return f"{told}, {card['clock']} clock, {card['processes']} processes, {card['seconds']:.0f} s, {card['machine']}"


if __name__ == "__main__":
    main()
