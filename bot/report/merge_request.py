"""The merge request: a title that says the gain, and a description that a reviewer reads in one screen."""

import shlex

from bot.report import edits, evidence, quote, replies, tables, trace, units
from bot.report.facts import Change, Iteration, Picture, Story
from bot.report.marker import Marker, section, stamp
from evaluation.scorecard import Scorecard

KIND = "merge-request"
FLAME = "Flame graph of the time before the change: wide is slow, what lies above is called from below"
_STEER = (
    "Want it otherwise? Comment on it, for example `/optimize avoid numba`; every new version is measured again. "
    "`/optimize help` lists what can be asked."
)


def title(story: Story) -> str:
    """`Make sort_frame 4.3× faster`: no digit more than the interval supports."""
    card = story.published.scorecard
    name = _name(story)
    if card is None or card.speedup is None:
        return f"Make {name} faster"[:255]
    return f"Make {name} {units.gain(card.speedup)} faster"[:255]


def commit_text(target: str, change_title: str, rationale: str, card: Scorecard | None, run: str) -> str:
    """The message of one commit on the branch: what, why, how much, and the run it comes from."""
    name = quote.inline(target.rpartition("::")[2], 60)
    gain = f"{units.gain(card.speedup)} faster" if card and card.speedup else "faster"
    parts = [f"Make {name} {gain}", quote.inline(change_title), quote.passage(rationale, 1_000)]
    parts += [_measured_line(card)] if card and card.speedup else []
    return "\n\n".join(part for part in [*parts, "\n".join(_trailers(card, run))] if part)


def _trailers(card: Scorecard | None, run: str) -> list[str]:
    """For programs, such as a CI job that shows the gain as a metric."""
    gain = card.speedup if card else None
    figures = [f"Hasten-Speedup: {gain.ratio:.4g}", f"Hasten-Speedup-Low: {gain.low:.4g}"] if gain else []
    return [*figures, f"Hasten-Run: {quote.inline(run, 80)}"]


def marker(story: Story, project: int) -> Marker:
    """What the description's hidden marker says; the branch and this find the merge request again."""
    return Marker(KIND, project, story.run)


def description(story: Story, *, project: int, key: bytes, existing: str = "") -> str:
    """The whole description: our section made or replaced, around it whatever people wrote."""
    mark = marker(story, project)
    start = existing if existing.strip() else stamp(mark, key)
    return section(start, mark, body(story), key)


def body(story: Story) -> str:
    """Our section: the result, the numbers, the change; the rest folded."""
    now = story.published
    card = now.scorecard
    parts = [evidence.result(card, _name(story)), evidence.cautions(card), evidence.benchmark(card)] if card else []
    parts += [_picture(story.chart), _change(now.change), _links(story)]
    parts += [tables.fold(evidence.summary(card), evidence.figures(card, relaxations=story.relaxations))] if card else []
    parts += [_profile(story), _iterations(story), _tried(story), _trace(story), _repeat(story, card), _footer(story)]
    return "\n\n".join(part for part in parts if part)


def _name(story: Story) -> str:
    return quote.inline(story.target.rpartition("::")[2], 80)


def _picture(picture: Picture | None) -> str:
    return f"![{picture.text}]({picture.address})" if picture and picture.address else ""


def _profile(story: Story) -> str:
    """Where the time went before: the flame graph, and the same in words."""
    if not story.profile:
        return ""
    original = f"[The flame graph with every name]({story.flame.original})" if story.flame and story.flame.original else ""
    words = quote.block(story.profile, lines=40, limit=6_000)
    told = "\n\n".join(part for part in (_picture(story.flame), words, original) if part)
    return tables.fold("Where the time went before", told)


def _change(change: Change | None) -> str:
    if change is None:
        return ""
    where = f" ({evidence.names(change.files)})" if change.files else ""
    what = f"**What changed:** {quote.inline(change.title)}{where}, proposed by {quote.code(change.agent, 40)}."
    parts = [what, quote.passage(change.rationale), _made_of(change)]
    return "\n\n".join(part for part in parts if part)


def _made_of(change: Change) -> str:
    """What a reviewer can ask to leave out."""
    if not change.ingredients:
        return ""
    example = quote.code(f"/optimize avoid {change.ingredients[-1]}", 80)
    which = "it" if len(change.ingredients) == 1 else "one"
    return f"Made of {evidence.names(change.ingredients)}: {example} leaves {which} out."


def _links(story: Story) -> str:
    verb = "Closes" if story.closes and story.reference.startswith("#") else "Related to"
    page = f" [Everything about this run]({story.page})." if story.page else ""
    about = f"{verb} {story.reference}, asked" if story.reference else "Asked"
    return f"{about} for by {quote.inline(story.requester, 80)}.{page}"


def _iterations(story: Story) -> str:
    if len(story.iterations) < 2:
        return ""
    rows = [(str(each.number + 1), _asked(each), _speed(each), _commit(each)) for each in story.iterations]
    shown = tables.table(["version", "asked for", "against the base", "commit"], rows, right=(0,))
    return tables.fold(f"Versions ({len(rows)})", shown)


def _commit(iteration: Iteration) -> str:
    return quote.code(iteration.commit[:8]) if iteration.commit else "–"


def _asked(iteration: Iteration) -> str:
    return quote.inline(iteration.rule or iteration.asked, 120) or "the first version"


def _speed(iteration: Iteration) -> str:
    card = iteration.scorecard
    return units.interval(card.speedup) if card and card.speedup else "nothing proven"


def _tried(story: Story) -> str:
    if not story.attempts:
        return ""
    account = replies.search_ended(story.account.stop, story.account.spent) if story.account else ""
    told = "\n\n".join(part for part in (tables.attempts(story.attempts), account) if part)
    return tables.fold(f"All that was tried ({len(story.attempts)})", told)


def _trace(story: Story) -> str:
    told = "\n\n".join(part for part in (trace.lines(story.trace), edits.lines(story.edits)) if part)
    return tables.fold("Reasoning trace", told) if told else ""


def _repeat(story: Story, card: Scorecard | None) -> str:
    base, branch = shlex.quote(story.base), shlex.quote(story.branch)
    seed = f" --seed {card.seed}" if card else ""
    sandbox = f" --sandbox {shlex.quote(card.sandbox)}" if card and card.sandbox else ""
    commands = [
        f"git fetch origin {branch} && git checkout {base}",
        f"git diff {base} FETCH_HEAD > change.patch",
        f"hasten evaluate . --target {shlex.quote(story.target)} \\",
        f"    --candidate change.patch{sandbox}{seed}",
    ]
    note = "Inputs come from the seed; times come from your machine, so compare ratios and not seconds."
    attached = f"\n\nAll figures, for programs: {story.attachment}" if story.attachment else ""
    return tables.fold("How to repeat it", f"{quote.block(chr(10).join(commands))}\n\n{note}{attached}")


def _footer(story: Story) -> str:
    about = f"Hasten {story.version} · run {quote.code(story.run, 80)} · base {quote.code(story.base[:12])}"
    return f"---\n\n{_STEER}\n\n<sub>{about}</sub>"


def _measured_line(card: Scorecard) -> str:
    if card.speedup is None:
        return ""
    sure = units.percent(card.speedup.level)
    return f"Measured {units.interval(card.speedup)} ({sure} interval, {card.processes} processes)."
