"""The whole search with a model, on a real project with the real judge: agents abreast, whose every idea is wrong."""

import pytest

from bench.exercises import planted
from bot.local import Output, optimize
from bot.settings import Settings
from bot.store import Store
from tests.exercises.exercises import all_of_them
from tests.messages_server import MessagesServer, text, tool

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
EXERCISE = next(each for each in all_of_them() if each.name == "hops")
OLD = "    distance = {start: 0}\n"
KEY = "sk-ant-dummy-0123456789-of-this-search"


def answer(request):
    """Whoever asks: first an edit that breaks the tests, each agent its own, then a report."""
    turns = sum(message["role"] == "assistant" for message in request.body["messages"])
    place = next(iter(hint for hint in ("fewer passes", "shape of the data", "compiled way") if hint in request.text), "none")
    wrong = f"    distance = {{start: 1}}  # {place}\n"
    return tool("edit", path="hops.py", old=OLD, new=wrong) if turns == 0 else text("The first distance counts from one.")


def test_agents_abreast_whose_ideas_are_all_wrong_cost_little_and_win_nothing(tmp_path, capsys):
    project = planted(EXERCISE, tmp_path)
    (project / ".hasten.yml").write_text(
        (project / ".hasten.yml")
        .read_text()
        .replace("agents: [recipes], strategy: parallel, rounds: 1, parallel: 3", "rounds: 1")
    )
    tmp_path.chmod(0o755)
    with MessagesServer([answer] * 12) as server:
        settings = Settings(
            data=tmp_path / "data",
            agents=("native",),
            sandbox="bubblewrap",
            HASTEN_ANTHROPIC_API_KEY=KEY,
            anthropic_base_url=server.url,
        )
        code = optimize(settings, project, str(EXERCISE.target), sandbox=None, options={}, out=Output(None), patch=Output(None))
    store = Store.open(settings.folder())
    (run,) = store.recent_runs()
    fates, rows = store.ledger.fates(run.id), store.candidates(run.id)
    store.close()

    assert code == 1 and "The model was asked 6 times" in " ".join(capsys.readouterr().out.split())
    assert len(server.requests) == 6 and len(rows) == 3, "three agents, each its own idea"
    assert {fates[row.id].fate for row in rows} == {"rejected"} and fates[""].fate == "rounds"
    assert all(row.reasons[0]["code"].startswith("tests.") for row in rows)
    assert fates[""].data["evaluations"] == 3, "what was judged on the way is not judged again"
