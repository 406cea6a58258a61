"""The whole search with a model, on a real project with the real judge: of three agents abreast, one has the right idea."""

import shutil
from dataclasses import replace

import pytest

from bench.exercises import planted
from bot.local import Output, optimize
from bot.settings import Settings
from bot.store import Store
from tests.exercises.exercises import all_of_them
from tests.messages_server import MessagesServer, text, tool

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
EXERCISE = next(each for each in all_of_them() if each.name == "hops")
SEARCH = "search: {agents: [native], strategy: hybrid, rounds: 1, parallel: 3}"
OLD = "    distance = {start: 0}\n"
LOOP = """        for one, other in friendships:
            if one == person and other not in distance:
                distance[other] = distance[person] + 1
                frontier.append(other)
            elif other == person and one not in distance:
                distance[one] = distance[person] + 1
                frontier.append(one)
"""
INDEX = """    known = {}
    for one, other in friendships:
        known.setdefault(one, []).append(other)
        known.setdefault(other, []).append(one)
"""
INDEXED = """        for other in known.get(person, ()):
            if other not in distance:
                distance[other] = distance[person] + 1
                frontier.append(other)
"""
KEY = "sk-ant-dummy-0123456789-of-this-search"


def answer(request):
    """Whoever asks: first the edits, each agent its own, then a report. Only who looks at the data is right."""
    turns = sum(message["role"] == "assistant" for message in request.body["messages"])
    place = next(iter(hint for hint in ("fewer passes", "shape of the data") if hint in request.text), "none")
    if place != "shape of the data":
        wrong = f"    distance = {{start: 1}}  # {place}\n"
        return tool("edit", path="hops.py", old=OLD, new=wrong) if turns == 0 else text("The first distance counts from one.")
    edits = [tool("edit", path="hops.py", old=OLD, new=INDEX + OLD), tool("edit", path="hops.py", old=LOOP, new=INDEXED)]
    return edits[turns] if turns < len(edits) else text("Who knows whom is looked up instead of searched for.")


def project(folder):
    """The exercise, whose search is for models."""
    exercise = replace(EXERCISE, folder=shutil.copytree(EXERCISE.folder, folder / "template" / EXERCISE.name))
    settings = exercise.folder / ".hasten.yml"
    lines = settings.read_text().splitlines()
    settings.write_text("\n".join(SEARCH if line.startswith("search:") else line for line in lines) + "\n")
    return planted(exercise, folder)


def test_of_agents_abreast_the_one_that_is_right_wins_and_the_others_are_told_apart(tmp_path, capsys):
    tmp_path.chmod(0o755)
    with MessagesServer([answer] * 12) as server:
        settings = Settings(
            data=tmp_path / "data",
            agents=("native",),
            sandbox="bubblewrap",
            HASTEN_ANTHROPIC_API_KEY=KEY,
            anthropic_base_url=server.url,
        )
        patch = Output(tmp_path / "change.patch")
        code = optimize(
            settings, project(tmp_path), str(EXERCISE.target), sandbox=None, options={}, out=Output(None), patch=patch
        )
    store = Store.open(settings.folder())
    (run,) = store.recent_runs()
    fates, rows, spent = store.ledger.fates(run.id), store.candidates(run.id), store.ledger.spent(run.id)
    store.close()

    assert code == 0 and "faster" in capsys.readouterr().out
    assert len(server.requests) == spent.calls == 7 and len(rows) == 3, "three agents, each its own idea"
    assert sorted(fates[row.id].fate for row in rows) == ["rejected", "rejected", "won"] and fates[""].fate == "rounds"
    (won,) = [row for row in rows if fates[row.id].fate == "won"]
    assert won.ratio > 2 and won.rationale.startswith("Who knows whom") and "+    known = {}" in patch.path.read_text()
    assert all(row.reasons[0]["code"].startswith("tests.") for row in rows if row is not won)
    assert fates[""].data["evaluations"] == 4, "two states of one tree and one of each other; what was judged is not judged again"
