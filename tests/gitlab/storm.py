"""A day on which everything goes wrong at once: letters are lost, doubled and swapped, and the bot is killed again and again.

Every comment is cheap to answer, and what a perfect bot would have answered is known beforehand, word by word.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from bot.report import replies
from pilot.gitlab.handles import Talk
from pilot.gitlab.notes import Note
from pilot.gitlab.users import User
from tests.story.conftest import World, hurry, until

# A bot that looks for lost letters every other second, and may talk as fast as it likes.
HASTE = {"HASTEN_RECONCILE_MINUTES": "0.03", "HASTEN_REQUESTS_PER_MINUTE": "1000000", "HASTEN_NOTES_PER_MINUTE": "1000000"}
TARGET = "src/words.py::frequent_words"
Answer = tuple[tuple[str, ...], tuple[str, ...]]  # emojis on the comment, answers in its thread
SILENCE: Answer = ((), ())
PUBLISHED = {"merge requests": 1, "branches": 2, "commits": 1, "status notes": 1, "answers": 1, "eyes": 1}
UNASKED = {"merge requests": 0, "branches": 1, "commits": 0, "status notes": 0, "answers": 0, "eyes": 0}


@dataclass
class Storm:
    """Comments on a few issues, and for each the answer it deserves."""

    world: World
    people: dict[str, User]
    chance: Random = field(default_factory=lambda: Random(7))
    places: list[Talk] = field(default_factory=list)
    wanted: dict[int, Answer] = field(default_factory=dict)
    said: list[tuple[Talk, Note]] = field(default_factory=list)
    order: tuple[Talk, Note] | None = None
    deliveries: int = 0

    def ask_for_speed(self) -> None:
        """A real optimization amid all that: its merge request, notes and branch are wanted once."""
        hurry(self.world.project, self.world.dev)
        place = self.world.project.create_issue(self.world.dev, "It is slow")
        self.order = place, place.comment(self.world.dev, f"/optimize {TARGET}")
        self.deliveries += 1

    def published(self) -> dict[str, int]:
        """What of the optimization stands in GitLab now."""
        project = self.world.project
        found = {"merge requests": len(project.merge_requests), "branches": len(project.branches)}
        found["commits"] = sum(len(each.commits) for each in project.merge_requests)
        said = _answers(self.world, *self.order) if self.order else ()
        status = sum("<sub>" in text for text in said)
        eyes = _emojis(self.world, self.order[1]).count("eyes") if self.order else 0
        return {**found, "status notes": status, "answers": len(said) - status, "eyes": eyes}

    def blow(self, letters: int) -> None:
        """Have so many more events told to the bot's hook."""
        until_then = self.deliveries + letters
        while self.deliveries < until_then:
            self._act()()

    def _act(self) -> Callable[[], None]:
        acts = [self._ask, self._ask, self._guest, self._talk, self._talk, self._edit, self._reword]
        return self.chance.choice(acts if len(self.said) > 5 else [self._ask])

    def _say(self, who: str, text: str, answer: Answer) -> tuple[Talk, Note]:
        place = self.chance.choice(self.places)
        note = place.comment(self.people[who], text)
        self.wanted[note.id] = answer
        self.deliveries += 1
        self.said.append((place, note))
        return place, note

    def _ask(self) -> None:
        said, answer = self.chance.choice(list(self._questions().items()))
        self._say("dev", said, (("eyes",), (answer,)))

    def _guest(self) -> None:
        self._say("guest", "/optimize status", ((), (replies.no_permission("guest"),)))

    def _talk(self) -> None:
        text = self.chance.choice(
            ["It is slow.", "> /optimize help\n\nShould I?", "`/optimize cancel` stops it", "```\n/optimize\n```"]
        )
        self._say("dev", text, SILENCE)

    def _edit(self) -> None:
        """The command stays what it was; the comment is told of once more."""
        place, note = self.chance.choice(self.said)
        place.edit_note(note.author, note, note.body + "\n\nPlease.")
        self.deliveries += 1

    def _reword(self) -> None:
        """A command that only an edit brings."""
        place, note = self._say("dev", "soon", (("eyes",), (self._questions()["/optimize help"],)))
        place.edit_note(note.author, note, "/optimize help")
        self.deliveries += 1

    def _questions(self) -> dict[str, str]:
        none = replies.no_run_here()
        help_text = replies.help_text("optimize", bot=self.world.bot_user.username)
        return {"/optimize help": help_text, "/optimize status": none, "/optimize explain": none, "/optimize compare": none}

    def got(self) -> dict[int, Answer]:
        """What stands in GitLab now, for each comment."""
        return {note.id: (_emojis(self.world, note), _answers(self.world, place, note)) for place, note in self.said}

    def open(self) -> int:
        """How many comments have not the answer they deserve."""
        got = self.got()
        return sum(got[number] != answer for number, answer in self.wanted.items())

    def strays(self) -> list[str]:
        """Notes of the bot that answer nothing we know of."""
        expected = sum(len(answers) for _, answers in self.wanted.values())
        notes = [note.body for place in self.places for note in place.notes(self.world.bot_user)]
        return notes[expected:] if len(notes) > expected else []


def _emojis(world: World, note: Note) -> tuple[str, ...]:
    with world.gitlab.state.lock:
        return tuple(award.name for award in note.awards if award.user is world.bot_user)


def _answers(world: World, place: Talk, note: Note) -> tuple[str, ...]:
    """The bot's answers in a comment's thread, without their hidden marks."""
    notes = [each for each in place.thread_of(note).notes if each.author is world.bot_user]
    return tuple(each.body.partition("\n\n<!--")[0] for each in notes)


def rage(world: World, letters: int, kills: int, *, optimizing: bool = False) -> Storm:
    """The whole day, up to the moment when all is answered and looked through once more; `optimizing`, with a real run in it."""
    storm = Storm(world, {"dev": world.dev, "guest": world.guest})
    storm.places = [world.project.create_issue(world.dev, f"Slow, part {number}") for number in range(12)]
    post = world.gitlab.postage
    post.duplicate, post.reorder, post.drop = 0.10, 0.05, 0.02
    if optimizing:
        storm.ask_for_speed()
    share = letters // (kills + 1)
    for _ in range(kills):
        _and_kill(storm, share)
    storm.blow(letters - storm.deliveries)
    assert world.gitlab.settle(900)
    until(lambda: storm.open() == 0, 300 + letters, f"everything is answered; {storm.open()} are not")
    if optimizing:
        until(lambda: storm.published() == PUBLISHED, 900, f"the merge request is there, not {storm.published()}")
    _looked_through_again(world)
    return storm


def _and_kill(storm: Storm, letters: int) -> None:
    """Kill the bot in the middle of its work; some events happen while nobody listens."""
    bot, before = storm.world.bot, storm.world.bot.steps()
    storm.blow(letters * 2 // 3)
    until(lambda: bot.steps() > before + storm.chance.randrange(2, 12), 240, "the bot is at work")
    bot.kill()
    storm.blow(letters - letters * 2 // 3)
    storm.world.gitlab.settle(900)  # what GitLab could not deliver is gone, and after four failures in a row it stops trying
    bot.start()


def _looked_through_again(world: World) -> None:
    """Two more looks of the bot at everything, and no work left."""
    looks = world.bot.looks()
    until(lambda: world.bot.looks() >= looks + 2, 300, "the bot looks again")
    until(lambda: not world.bot.busy(), 600, "the bot is done")
