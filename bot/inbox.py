"""From one delivery to the work it asks for: which commands it holds, and under which id each of them runs once."""

from collections.abc import Iterator
from dataclasses import asdict, replace

from bot import occasions
from bot.request import Request, Spot
from bot.thread import Kind, Thread
from handlers.commands import Avoid, Command, Explain, Forget, Mistake, Optimize, Prefer, Reword, read
from handlers.events import Event, NoteEvent
from handlers.keys import command_key

_KINDS: dict[str, Kind] = {"Issue": "issue", "MergeRequest": "merge_request"}


def requests(event: Event, *, us: int, name: str, word: str, label: str = "") -> list[Request]:
    """What the event asks of us (`us`, `name`: our own account). Our own notes, GitLab's and everything else ask for nothing."""
    match event:
        case NoteEvent(system=False) as note if note.actor.id != us and note.iid is not None and note.on in _KINDS:
            return list(_of_note(note, name, word))
        case _:
            return occasions.requests(event, us=us, name=name, word=word, label=label)


def edited(event: Event) -> Thread | None:
    """The comment on a merge request that the event tells was changed; None where it tells of something else."""
    match event:
        case NoteEvent(system=False, action="update", on="MergeRequest") as note if note.iid is not None:
            return Thread(note.project.id, "merge_request", note.iid, note.id)
        case _:
            return None


def _of_note(note: NoteEvent, name: str, word: str) -> Iterator[Request]:
    said = read(note.text, bot=name, word=word)
    for command in said:
        yield from _of_command(note, command)
    if not said and note.on == "MergeRequest":
        yield _request(
            note, "remark", Optimize(text=note.text), text=note.text
        )  # on a merge request of ours it may be meant for us


def _of_command(note: NoteEvent, command: Command | Mistake) -> Iterator[Request]:
    verb = type(command).__name__.lower()
    match command:
        case Optimize(targets=targets, text=text, options=options):
            for each in targets or (None,):
                one = replace(command, targets=(each,) if each else ())
                yield _request(note, verb, one, *one.targets, text=text, **asdict(options))
        case Avoid(words=words) | Prefer(words=words):
            yield _request(note, verb, command, *words)
        case Explain(candidate=candidate):
            yield _request(note, verb, command, *([candidate] if candidate else []))
        case Forget(number=number):
            yield _request(note, verb, command, str(number))
        case Reword(number=number, text=text):
            yield _request(note, verb, command, str(number), text=text)
        case Mistake(text=text, advice=advice):
            yield _request(note, verb, Optimize(text=text), text=text, advice=advice)
        case _:
            yield _request(note, verb, command)


def _request(note: NoteEvent, verb: str, meaning: Command, *words: str, text: str = "", **options: object) -> Request:
    """The id is the same for an edit that leaves the command alone, for a second hook, and for a later reconciliation."""
    kind = _KINDS[note.on]
    return Request(
        id=f"{verb}-{command_key(note.project.id, kind, note.id, meaning)}",
        thread=Thread(note.project.id, kind, note.iid or 0, note.id, note.discussion_id, note.confidential),
        actor=note.actor.id,
        username=note.actor.username,
        verb=verb,
        words=words,
        text=text,
        options=options,
        edited=note.action == "update",
        at=_spot(note),
    )


def _spot(note: NoteEvent) -> Spot | None:
    """The line that a comment in a diff stands at; None on a removed line, which is nowhere any more."""
    at = note.position
    if note.type != "DiffNote" or at is None or at.new_path is None or at.new_line is None:
        return None
    return Spot(at.new_path, at.new_line, at.head_sha)
