"""The one status note of a run, edited in place: where it is, what it found so far, how to stop it."""

from bot.report import quote, units
from bot.report.facts import Progress, Stage

_ROAD = (Stage.QUEUED, Stage.ENVIRONMENT, Stage.LOCALIZING, Stage.BASELINE, Stage.SEARCHING, Stage.CONFIRMING)
_WORDS = {
    Stage.QUEUED: "Waiting for a free place",
    Stage.ENVIRONMENT: "Build the project's environment",
    Stage.LOCALIZING: "Find where the time goes",
    Stage.BASELINE: "Run the tests on the code as it is, and see what its inputs can tell",
    Stage.SEARCHING: "Propose changes and judge each",
    Stage.CONFIRMING: "Measure the best one again, on fresh inputs",
}
_HEADS = {
    Stage.DONE: "Done",
    Stage.FAILED: "Ended without a result",
    Stage.CANCELLED: "Cancelled",
}


def render(progress: Progress) -> str:
    """The note's text, without its marker."""
    parts = [_head(progress), _road(progress), _best(progress), _since(progress), _foot(progress)]
    return "\n\n".join(part for part in parts if part)


def _head(progress: Progress) -> str:
    about = f" {quote.code(progress.target)}" if progress.target else ""
    if progress.stage in _HEADS:
        return f"**{_HEADS[progress.stage]}:**{about or ' this run'}, after {units.elapsed(progress.elapsed_s)}."
    doing = _sentence(quote.inline(progress.doing))
    return f"**Working on{about or ' it'}** for {units.elapsed(progress.elapsed_s)}. {doing}".rstrip()


def _sentence(doing: str) -> str:
    """With a capital and a full stop: some of it comes from tools that know neither."""
    return f"{doing[0].upper()}{doing[1:]}{'' if doing[-1] in '.!?…' else '.'}" if doing else ""


def _road(progress: Progress) -> str:
    if progress.stage not in _ROAD:
        return ""
    at = _ROAD.index(progress.stage)
    steps = [(stage, number) for number, stage in enumerate(_ROAD) if stage is not Stage.QUEUED or at == 0]
    return "\n".join(f"- {_sign(number, at)} {_words(stage, progress)}" for stage, number in steps)


def _sign(number: int, at: int) -> str:
    if number < at:
        return "✅"
    return "⏳" if number == at else "▫️"


def _words(stage: Stage, progress: Progress) -> str:
    told = _WORDS[stage]
    if stage is Stage.SEARCHING and progress.planned:
        told += f": {progress.judged} of at most {progress.planned}"
    return f"**{told}**" if stage is progress.stage else told


def _best(progress: Progress) -> str:
    if progress.stage not in (Stage.SEARCHING, Stage.CONFIRMING):
        return ""
    if progress.best is None:
        return "Nothing faster so far." if progress.judged else ""
    name = f" ({quote.inline(progress.best_title, 120)})" if progress.best_title else ""
    return f"Best so far: {units.interval(progress.best)}{name}; not confirmed yet."


def _since(progress: Progress) -> str:
    """What people made of it."""
    said = [f"The merge request was {progress.ending}."] if progress.ending else []
    if progress.praise or progress.blame:
        said.append(f"Feedback so far: {progress.praise} 👍, {progress.blame} 👎.")
    return " ".join(said)


def _foot(progress: Progress) -> str:
    said = [_budget(progress)] if _budget(progress) else []
    if progress.stage in _ROAD:
        said.append("`/optimize cancel` stops it")
    said.append(f"run {quote.code(progress.run, 80)}")
    return f"<sub>{' · '.join(said)}</sub>"


def _budget(progress: Progress) -> str:
    parts = []
    if progress.minutes is not None:
        parts.append(f"{units.elapsed(progress.elapsed_s)} of {progress.minutes:g} min")
    if progress.usd_used:
        parts.append(f"${progress.usd_used:.2f} for models")
    return f"budget: {', '.join(parts)}" if parts else ""
