"""The large storm: 1,000 webhook deliveries, 10 % doubled, 5 % swapped, 2 % lost, while the bot is killed five times.

One of them asks for a real optimization. Prints what was told, what went astray, and how much of what a perfect run would have
written stands in GitLab at the end.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.gitlab.storm import HASTE, PUBLISHED, Storm, rage
from tests.story.conftest import World, build


def main() -> int:
    """Exit code 0 where every answer is there and none twice."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = build(Path(folder), "plain_text", HASTE)
        world: World = next(house)
        world.project.add_member(world.bot_user, 40)
        began = time.monotonic()
        storm = rage(world, asked.letters, asked.kills, optimizing=True)
        right = report(storm, asked.kills, time.monotonic() - began)
        house.close()
    return 0 if right else 1


def report(storm: Storm, kills: int, seconds: float) -> bool:
    """Say how it went; whether all is as a perfect run would have left it."""
    project, got, strays = storm.world.project, storm.got(), storm.strays()
    fates = Counter(each.dropped or ("delivered" if each.succeeded else "failed") for each in project.deliveries)
    wrong = sum(got[number] != answer for number, answer in storm.wanted.items())
    answers = sum(len(told) for _, told in storm.wanted.values())
    print(f"{storm.deliveries} deliveries about {len(storm.wanted)} comments, {kills} kills, {seconds:.0f} s wall clock")
    print("hooks of all kinds: " + ", ".join(f"{count} {fate}" for fate, count in fates.most_common()))
    print(f"answers: {answers} wanted, {wrong} comments wrong, {len(strays)} notes too many")
    left = storm.published()
    told = ", ".join(f"{count} {what} (wanted {PUBLISHED[what]})" for what, count in left.items())
    print(f"of one real optimization amid all that: {told}")
    return not wrong and not strays and left == PUBLISHED


if __name__ == "__main__":
    sys.exit(main())
