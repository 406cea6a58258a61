"""What happens around comments: labels, reviewers, descriptions, emoji, pushes, merges; and what of it asks something of us."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from bot.request import Request
from bot.thread import Kind, Thread
from handlers.commands import Optimize, mentioned, read
from handlers.events import EmojiEvent, Event, IssueEvent, MergeRequestEvent, Person
from handlers.keys import command_key

Item = IssueEvent | MergeRequestEvent
ENDS = {"approved": "approved", "unapproved": "", "merge": "merged", "close": "closed", "reopen": ""}
LABEL = "label"  # the occasion of a request
PRAISE, BLAME = "thumbsup", "thumbsdown"


def requests(event: Event, *, us: int, name: str, word: str, label: str) -> list[Request]:
    """What the event asks of us; nothing where we did it ourselves."""
    match event:
        case IssueEvent() | MergeRequestEvent() if event.actor.id != us:
            return list(_of_item(event, us, name, word, label))
        case EmojiEvent() if event.actor.id != us and event.note_author_id in (us, None):
            return list(_of_emoji(event))
        case _:
            return []


def wears(labels: Iterable[str], label: str) -> bool:
    """Whether the label that starts a run is among these, in whatever case somebody wrote it; an empty one never is."""
    return bool(label) and label.lower() in {each.lower() for each in labels}


def _of_item(item: Item, us: int, name: str, word: str, label: str) -> Iterator[Request]:
    if item.action == "open":
        yield from _written(item, name, word)
    if wears(item.new_labels, label):
        yield _start(item, LABEL)
    if isinstance(item, MergeRequestEvent):
        yield from _of_merge_request(item, us)


def _written(item: Item, name: str, word: str) -> Iterator[Request]:
    """Commands in the description of something new; mistakes in it are left alone, since nobody asked for advice there."""
    for command in read(item.description, bot=name, word=word):
        if isinstance(command, Optimize):
            for each in command.targets or (None,):
                one = replace(command, targets=(each,) if each else ())
                yield _request(item, "optimize", one, *one.targets, text=one.text, **asdict(one.options))


def labelled(request: Request, act: int) -> Request:
    """The request of a label under the number that GitLab gave the act: off and on again is another one."""
    thread = request.thread
    return replace(request, id=f"optimize-{command_key(thread.project, f'{thread.kind} label {act}', thread.iid, Optimize())}")


def _start(item: Item, occasion: str) -> Request:
    """Once per item and occasion; which act it was that put a label on is not told by the hook (see `labelled`)."""
    named = mentioned(f"{item.title}\n{item.description}")[:1]
    return replace(_request(item, "optimize", Optimize(), *named, occasion=occasion), occasion=occasion)


def _of_merge_request(item: MergeRequestEvent, us: int) -> Iterator[Request]:
    if us in item.new_reviewer_ids:
        yield _start(item, "review request")
    if item.action == "update" and item.oldrev and item.head:
        yield _request(item, "pushed", Optimize((item.head,)), item.head)
    if item.action in ENDS:
        yield _request(item, "ended", Optimize(text=str(item.updated_at)), ENDS[item.action])
    if item.action == "merge":
        yield _request(item, "merged", Optimize())


def _of_emoji(emoji: EmojiEvent) -> Iterator[Request]:
    """A thumb on a note of ours, or on a merge request (whether that is ours is seen later)."""
    iid = emoji.issue_iid or emoji.merge_request_iid
    skin = emoji.name.partition("_tone")[0]
    if skin not in (PRAISE, BLAME) or iid is None or emoji.action is None:
        return
    if emoji.note_author_id is None and emoji.on != "MergeRequest":
        return
    kind: Kind = "issue" if emoji.issue_iid else "merge_request"
    key = command_key(emoji.project.id, "emoji", emoji.id, Optimize(text=emoji.action))
    thread = Thread(emoji.project.id, kind, iid)
    note = str(emoji.awarded_id) if emoji.on == "Note" else ""
    who, words = emoji.actor, (emoji.action, skin)
    yield Request(f"feedback-{key}", thread, who.id, who.username, "feedback", words, note)


def _request(
    item: Item, verb: str, meaning: Optimize, *words: str, text: str = "", occasion: str = "itself", **options: object
) -> Request:
    kind: Kind = "issue" if isinstance(item, IssueEvent) else "merge_request"
    hidden = isinstance(item, IssueEvent) and item.confidential
    actor: Person = item.actor
    return Request(
        id=f"{verb}-{command_key(item.project.id, f'{kind} {occasion}', item.iid, meaning)}",
        thread=Thread(item.project.id, kind, item.iid, internal=hidden),
        actor=actor.id,
        username=actor.username,
        verb=verb,
        words=words,
        text=text,
        options=options,
    )
