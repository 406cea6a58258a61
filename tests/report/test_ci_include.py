"""The CI job that owners may include finds the figures where the bot's commits carry them."""

import os
import subprocess
from pathlib import Path

import yaml

from bot.report.examples import CHANGE, FIRST, RUN, TARGET
from bot.report.merge_request import commit_text

JOB = yaml.safe_load((Path(__file__).parents[2] / "docs" / "ci" / "hasten-metrics.gitlab-ci.yml").read_text())["hasten-metrics"]
PLAIN = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def published(folder: Path, message: str) -> str:
    """What the job writes for a commit with this message; "" where it writes nothing."""
    git = ["git", "-C", str(folder), "-c", "user.name=dev", "-c", "user.email=dev@example.invalid"]
    subprocess.run([*git, "init", "--quiet"], check=True, env=PLAIN)
    subprocess.run([*git, "commit", "--quiet", "--allow-empty", "-m", message], check=True, env=PLAIN)
    script = "\n".join(["set -e", *JOB["script"]])
    subprocess.run(["sh", "-c", script], cwd=folder, check=True, env={**PLAIN, "CI_COMMIT_SHA": "HEAD"})
    metrics = folder / JOB["artifacts"]["reports"]["metrics"]
    return metrics.read_text() if metrics.exists() else ""


def test_the_gain_of_a_commit_becomes_a_metric(tmp_path):
    message = commit_text(TARGET, CHANGE.title, CHANGE.rationale, FIRST.scorecard, RUN)

    assert published(tmp_path, message) == "hasten_speedup 4.31\nhasten_speedup_low 4.24\n"


def test_a_commit_of_somebody_else_has_none(tmp_path):
    assert published(tmp_path, "Tidy up") == ""
