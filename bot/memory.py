"""What we remember of people: lessons of a project, remarks in a review, feedback. Every write may be repeated."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from bot.agents.contract import Lessons
from bot.report.facts import Lesson
from bot.tables import feedback, lessons, remarks

MOST_REMARKS = 12  # wishes in reviewers' own words that go into a brief, the newest
Asked = Mapping[str, Sequence[str]]  # what somebody asks for: words to avoid, words to prefer, wishes ("remark")
_OPPOSITE = {"avoid": "prefer", "prefer": "avoid"}


@dataclass(frozen=True, slots=True)
class Heard:
    """One remark of a review as it waits for its answer; `meaning` is None until it is understood, and empty for talk."""

    id: str
    request: Mapping[str, Any]
    taken_by: str | None
    meaning: Asked | None


class Memory:
    """The part of our database that is about people."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def unlearn(self, project: int, note: int) -> None:
        """Forget what a comment taught; it says something else now."""
        with self._engine.begin() as connection:
            connection.execute(lessons.delete().where(lessons.c.project_id == project, lessons.c.note_id == note))

    def learn(self, project: int, verb: str, text: str, *, note: int, source: str) -> None:
        """Remember what a reviewer asked for; each further note confirms it, and the opposite is forgotten."""
        row = {"project_id": project, "verb": verb, "text": text, "note_id": note, "source": source, "created": time.time()}
        with self._engine.begin() as connection:
            connection.execute(insert(lessons).values(row).on_conflict_do_nothing())
            if verb in _OPPOSITE:
                mine = _same(project, _OPPOSITE[verb], text)
                connection.execute(lessons.delete().where(mine))

    def lessons(self, project: int) -> list[Lesson]:
        """The lessons of a project, oldest first."""
        columns = (lessons.c.id, lessons.c.verb, lessons.c.text, lessons.c.source)
        query = sa.select(*columns).where(lessons.c.project_id == project).order_by(lessons.c.id)
        found: dict[tuple[str, str], Lesson] = {}
        with self._engine.connect() as connection:
            for number, verb, text, source in connection.execute(query):
                first = found.get((verb, text), Lesson(number, verb, text, source, 0))
                found[verb, text] = replace(first, times=first.times + 1)
        return list(found.values())

    def taught(self, project: int) -> Lessons:
        """The same as proposers know them."""
        known = self.lessons(project)
        said = {verb: tuple(each.text for each in known if each.verb == verb) for verb in ("avoid", "prefer", "remark")}
        return Lessons(said["avoid"], said["prefer"], said["remark"][-MOST_REMARKS:])

    def forget(self, project: int, number: int) -> Lesson | None:
        """Forget a lesson; what it was."""
        found = next((each for each in self.lessons(project) if each.number == number), None)
        if found is not None:
            with self._engine.begin() as connection:
                connection.execute(lessons.delete().where(_same(project, found.verb, found.text)))
        return found

    def reword(self, project: int, number: int, text: str) -> Lesson | None:
        """Put a lesson into other words; what it was. A lesson that says so already takes the confirmations over."""
        found = next((each for each in self.lessons(project) if each.number == number), None)
        if found is not None and found.text != text:
            changed = lessons.update().prefix_with("OR IGNORE").where(_same(project, found.verb, found.text)).values(text=text)
            with self._engine.begin() as connection:
                connection.execute(changed)
                connection.execute(lessons.delete().where(_same(project, found.verb, found.text)))
        return found

    def hear(self, remark: str, project: int, iid: int, request: Mapping[str, Any]) -> None:
        """Remember a remark before it waits for its turn."""
        row = {"id": remark, "project_id": project, "iid": iid, "request": dict(request), "created": time.time()}
        with self._engine.begin() as connection:
            connection.execute(insert(remarks).values(row).on_conflict_do_nothing())

    def take(self, iteration: str, project: int, iid: int) -> list[Heard]:
        """Have an iteration answer all that waits on a merge request; all that it answers, oldest first."""
        free = (remarks.c.project_id == project, remarks.c.iid == iid, remarks.c.taken_by.is_(None))
        with self._engine.begin() as connection:
            connection.execute(remarks.update().where(*free).values(taken_by=iteration))
        return self.taken(iteration)

    def taken(self, iteration: str) -> list[Heard]:
        """What an iteration answers, oldest first."""
        return self._heard(remarks.c.taken_by == iteration)

    def heard(self, remark: str) -> Heard | None:
        """One remark."""
        return next(iter(self._heard(remarks.c.id == remark)), None)

    def drop(self, project: int, iid: int, by: str) -> int:
        """Let go of all that waits on a merge request; how many a request has let go of by now."""
        return len(self.take(f"dropped-by-{by}", project, iid))

    def hand_back(self, iteration: str) -> None:
        """Let go of what an iteration took and did not come to understand: the next one takes it."""
        mine = (remarks.c.taken_by == iteration, remarks.c.meaning.is_(None))
        with self._engine.begin() as connection:
            connection.execute(remarks.update().where(*mine).values(taken_by=None))

    def supersede(self, project: int, kind: str, note: int, by: Collection[str]) -> None:
        """A comment was edited: what it said before and nobody has taken up yet is not asked for any more."""
        stale = (_of_note(project, kind, note), remarks.c.taken_by.is_(None), remarks.c.id.not_in(by))
        with self._engine.begin() as connection:
            connection.execute(remarks.delete().where(*stale))

    def edited(self, project: int, kind: str, note: int) -> bool:
        """Whether what an edited comment says was heard already."""
        told = remarks.c.request["edited"].as_boolean()
        with self._engine.connect() as connection:
            return bool(connection.execute(sa.select(sa.exists().where(_of_note(project, kind, note), told))).scalar())

    def understand(self, remark: str, meaning: Asked) -> None:
        """Remember what a remark turned out to ask for."""
        with self._engine.begin() as connection:
            connection.execute(remarks.update().where(remarks.c.id == remark).values(meaning=dict(meaning)))

    def applaud(self, run: str, project: int, awarded: str, user: int, name: str) -> None:
        """Remember a reaction."""
        row = {"run_id": run, "project_id": project, "awarded_id": awarded, "user_id": user, "name": name}
        with self._engine.begin() as connection:
            connection.execute(insert(feedback).values(created=time.time(), **row).on_conflict_do_nothing())

    def take_back(self, project: int, awarded: str, user: int, name: str) -> None:
        """Forget a reaction."""
        columns = feedback.c
        place = (columns.project_id == project, columns.awarded_id == awarded, columns.user_id == user, columns.name == name)
        with self._engine.begin() as connection:
            connection.execute(feedback.delete().where(*place))

    def reactions(self, run: str) -> Mapping[str, int]:
        """How many people reacted to a run's notes in which way; each person counts once a way."""
        people = sa.func.count(feedback.c.user_id.distinct())
        query = sa.select(feedback.c.name, people).where(feedback.c.run_id == run).group_by(feedback.c.name)
        with self._engine.connect() as connection:
            return {str(row[0]): int(row[1]) for row in connection.execute(query)}

    def _heard(self, where: sa.ColumnElement[bool]) -> list[Heard]:
        columns = (remarks.c.id, remarks.c.request, remarks.c.taken_by, remarks.c.meaning)
        query = sa.select(*columns).where(where).order_by(remarks.c.created, remarks.c.id)
        with self._engine.connect() as connection:
            return [Heard(*row) for row in connection.execute(query)]


def _of_note(project: int, kind: str, note: int) -> sa.ColumnElement[bool]:
    place = remarks.c.request["thread"]
    here = place["note"].as_integer() == note, place["kind"].as_string() == kind
    return sa.and_(remarks.c.project_id == project, *here)


def _same(project: int, verb: str, text: str) -> sa.ColumnElement[bool]:
    return sa.and_(lessons.c.project_id == project, lessons.c.verb == verb, lessons.c.text == text)
