"""Lessons of a project, remarks that wait, feedback; and the migration that gave lessons to their projects."""

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from bot.agents.contract import Lessons
from bot.store import MIGRATIONS, Store


@pytest.fixture
def memory(tmp_path):
    store = Store.open(tmp_path)
    yield store.memory
    store.close()


def learn(memory, verb, text, note, project=7):
    memory.learn(project, verb, text, note=note, source="!5")


def shown(memory, project=7):
    return [(each.verb, each.text, each.times) for each in memory.lessons(project)]


def test_a_lesson_is_confirmed_by_each_note_that_says_it_and_by_none_twice(memory):
    for note in (11, 12, 12):
        memory.learn(7, "avoid", "numba", note=note, source=f"!{note - 2}")

    assert memory.lessons(7)[0].source == "!9", "where it was said first"
    assert shown(memory) == [("avoid", "numba", 2)] and shown(memory, project=8) == []


def test_the_opposite_of_a_lesson_takes_its_place(memory):
    learn(memory, "avoid", "numba", 11)
    learn(memory, "avoid", "lexsort", 11)
    learn(memory, "prefer", "numba", 12)

    assert memory.taught(7) == Lessons(avoid=("lexsort",), prefer=("numba",))


def test_a_brief_holds_the_newest_wishes(memory):
    for note in range(20):
        learn(memory, "remark", f"wish {note}", note)

    assert memory.taught(7).remarks == tuple(f"wish {number}" for number in range(8, 20))


def test_a_forgotten_number_never_names_another_lesson(memory):
    learn(memory, "avoid", "numba", 11)
    (first,) = memory.lessons(7)
    memory.forget(7, first.number)
    learn(memory, "avoid", "numba", 12)

    assert memory.lessons(7)[0].number != first.number
    assert memory.forget(7, first.number) is None and memory.forget(8, memory.lessons(7)[0].number) is None


def test_a_lesson_in_other_words_keeps_what_confirmed_it(memory):
    for note in (11, 12):
        learn(memory, "remark", "no clases", note)
    learn(memory, "remark", "no classes", 12)
    memory.reword(7, memory.lessons(7)[0].number, "no classes")

    assert shown(memory) == [("remark", "no classes", 2)]


def test_an_iteration_takes_all_that_waits_and_another_takes_the_rest(memory):
    for remark in ("a", "b"):
        memory.hear(remark, 7, 5, {"id": remark})
    memory.hear("elsewhere", 7, 6, {})
    assert [each.id for each in memory.take("one", 7, 5)] == ["a", "b"]
    memory.hear("late", 7, 5, {})

    assert [each.id for each in memory.take("one", 7, 5)] == ["a", "b", "late"]
    assert memory.take("two", 7, 5) == [] and memory.heard("elsewhere").taken_by is None


def test_each_person_counts_once_and_a_reaction_can_be_taken_back(memory):
    for note, user in (("1", 3), ("2", 3), ("1", 4), ("1", 4)):
        memory.applaud("run", 7, note, user, "thumbsup")
    assert memory.reactions("run") == {"thumbsup": 2}

    memory.take_back(7, "1", 4, "thumbsup")

    assert memory.reactions("run") == {"thumbsup": 1}


def test_lessons_of_runs_become_lessons_of_their_projects(tmp_path):
    store = Store(tmp_path / "hasten.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store._engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        run = "INSERT INTO runs (id, project_id, project_path, thread, requester, state, merge_request, created) VALUES "
        connection.execute(
            sa.text(f"{run} ('r', 7, 'p', '{{}}', 'dev', 'done', 5, 1.0), ('s', 7, 'p', '{{}}', 'dev', 'done', 6, 1.0)")
        )
        lesson = "INSERT INTO lessons (run_id, verb, text, note_id, created) VALUES"
        connection.execute(sa.text(f"{lesson} ('r', 'avoid', 'numba', 11, 2.0), ('s', 'avoid', 'numba', 12, 3.0)"))

    store.migrate()

    (found,) = store.memory.lessons(7)
    assert (found.verb, found.text, found.source, found.times) == ("avoid", "numba", "!5", 2)
    store.close()
