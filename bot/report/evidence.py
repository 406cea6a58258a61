"""A scorecard in words: why the number may be believed, and what it does not say."""

from collections.abc import Sequence

from bot.report import quote, sizes, tables, units
from evaluation.scorecard import Interval, Scorecard

_MOST_NAMES = 3
_COLUMNS = {  # kinds of columns, by their names in the scorecard
    "categorical": "categorical columns",
    "zoned": "time stamps with a time zone",
    "nullable": "nullable columns (Int64, boolean, string)",
    "arrow": "Arrow-backed columns",
    "single": "32-bit floats",
    "whole": "columns of whole numbers",
}
_ASIDE = {  # what is not compared where the function differs from itself, by the last word of the code
    "value": "its values",
    "type": "its types",
    "dtype": "its dtypes",
    "index": "its index",
    "names": "its names",
    "order": "its order",
    "pairing": "what stands side by side",
    "entries": "what stands side by side under its keys",
    "mutation": "what it does to its arguments",
    "alias": "what its results share",
    "exception": "what it raises",
    "lazy": "what is lazy",
    "state": "the state it leaves behind",
    "output": "what it prints and logs",
}
_CLOCKS = {
    "cpu": "CPU time, read from outside the process",
    "wall": "wall-clock time on a quiet machine",
    "unqueued": "wall-clock time without what it waited for a core",
}
_LIBRARIES = ("numpy", "pandas", "polars", "pyarrow", "scipy", "numba")
_VERDICTS = {"match": "", "partial": "only partly what the project asks for", "mismatch": "not what the project asks for"}


def result(card: Scorecard, name: str) -> str:
    """The first sentence: how much faster, how sure, and on what grounds it is still the same function."""
    if card.speedup is None:
        return f"**{quote.code(name)} was not measured.**"
    sure = f"{units.percent(card.speedup.level)} interval {_span(card.speedup)}"
    return f"**{quote.code(name)} is {units.gain(card.speedup)} faster** ({sure}). {same(card)}"


def same(card: Scorecard) -> str:
    """What speaks for unchanged behaviour, in one sentence."""
    parts = []
    if card.equivalence.compared:
        parts.append(f"gave the same results on {units.count(card.equivalence.compared)} inputs")
    if card.tests.passed:
        parts.append(f"passes the same {units.count(card.tests.passed)} tests")
    return f"It {' and '.join(parts)}." if parts else "Nothing was there to check its results with."


def cautions(card: Scorecard) -> str:
    """What a reader must not overlook, said before anything is folded away."""
    slower = [tables.size(cell) for cell in card.cells if cell.loses]
    found = [f"slower at {'; '.join(slower[:3])}"] if slower else []
    found += [f"not tested here: {names(card.tests.set_aside)}"] if card.tests.set_aside else []
    found += [f"failed once with the change, never without it: {names(card.tests.unsteady)}"] if card.tests.unsteady else []
    if card.control is not None and not _calm(card.control):
        found.append("identical code differed from itself while this was measured")
    found += [f"needs more memory: {quote.inline(reason.text, 160)}" for reason in card.reasons if reason.code == "memory.more"]
    found += [
        f"slower to start: {quote.inline(reason.text, 160)}" for reason in card.reasons if reason.code == "speed.first-call"
    ]
    if card.hardware.verdict != "match" and not _relabelled(card):
        found.append(f"measured on hardware that is {_VERDICTS.get(card.hardware.verdict, card.hardware.verdict)}")
    said = "; ".join(found)
    return f"⚠️ {said[0].upper()}{said[1:]}." if said else ""


def benchmark(card: Scorecard) -> str:
    """The table of sizes; figures from another machine than the project's target carry its name."""
    if not card.cells:
        return ""
    shown = tables.benchmark(card.cells)
    return f"{_label(card)}\n\n{shown}" if _relabelled(card) else shown


def _relabelled(card: Scorecard) -> bool:
    return card.hardware.verdict == "mismatch" and card.hardware.on_mismatch == "relabel"


def _label(card: Scorecard) -> str:
    """Whose figures these are, and that they are nobody else's."""
    target = quote.inline(card.hardware.wanted, 120) or "another machine"
    because = "; ".join(quote.inline(reason, 120) for reason in card.hardware.reasons[:3])
    measured = quote.inline(card.machine.partition(" · ")[0] or "this machine", 80)
    return f"⚠️ **Measured on {measured}, the project's target is {target}** ({because}). The ratios hold for the former only."


def summary(card: Scorecard) -> str:
    """The title of the folded evidence: as much of it as fits a line."""
    parts = [f"{card.processes} fresh processes"] if card.processes else []
    parts += [f"identical code {units.interval(card.control)}"] if card.control else []
    return f"Why to believe it ({', '.join(parts)})" if parts else "Why to believe it"


def figures(card: Scorecard, *, relaxations: Sequence[str] = ()) -> str:
    """The evidence beside the benchmark, a line each."""
    lines = (
        ("Score", _scores(card)),
        ("Throughput", _throughput(card)),
        ("Growth with size", _growth(card)),
        *sizes.lines(card.scaling),
        ("Peak allocated", _allocated(card)),
        ("Tests", _tests(card)),
        ("Same results", _equivalence(card, relaxations)),
        ("Beyond your inputs", _beyond(card)),
        ("What the inputs can tell", _mutants(card)),
        ("Same code against itself", _control(card)),
        ("Also noticed", noticed(card)),
        ("Measured", _measured(card)),
        ("Hardware", _hardware(card)),
    )
    return tables.table(["evidence", ""], [(name, text) for name, text in lines if text])


def noticed(card: Scorecard) -> str:
    """What was seen in the change and is no reason by itself, and what that means for the figures."""
    seen = [each for each in card.guards if each not in card.reasons]
    said = [quote.inline(each.text, 160) for each in seen[:_MOST_NAMES]] + ([f"{len(seen) - 3} more"] if len(seen) > 3 else [])
    if any(each.code == "guard.cache" for each in seen):
        said.append("what is kept between calls counts for nothing here, since no input comes twice while it is measured")
    return "; ".join(said)


def _span(value: Interval) -> str:
    digits = 2 if value.high < 10 else 1
    return f"{value.low:.{digits}f}× to {value.high:.{digits}f}×"


def _scores(card: Scorecard) -> str:
    names = {"weighted": "weighted mean", "auc": "area under the curve", "custom": "the project's own score"}
    return ", ".join(f"{names.get(name, name)} {units.interval(value)}" for name, value in card.scores.items() if value)


def _throughput(card: Scorecard) -> str:
    if not card.cells:
        return ""
    largest = max(card.cells, key=lambda cell: cell.baseline_s)
    gain = largest.baseline_s / largest.candidate_s
    both = ((largest.rows_per_s, "rows"), (largest.features_per_s, "features"))
    rates = [f"{units.rate(after / gain, noun)} → {units.rate(after, noun)}" for after, noun in both if after]
    return f"{', '.join(rates)} (at {tables.size(largest)})" if rates else ""


def _growth(card: Scorecard) -> str:
    if len(card.scaling) < 2:
        return sizes.growth(card.growth)
    found = [(each, sizes.growth(each.growth)) for each in card.scaling]
    return "; ".join(f"over {quote.inline(each.name, 40)}: {text}" for each, text in found if text)


def _allocated(card: Scorecard) -> str:
    """What memray says, where the project has it."""
    traced = [
        (cell, cell.memory_mib) for cell in card.cells if cell.memory_mib and cell.memory_mib.candidate_allocated is not None
    ]
    return "; ".join(
        f"{units.mebibytes(peak.baseline_allocated or 0)} → {units.mebibytes(peak.candidate_allocated or 0)} MiB"
        f" (memray, at {tables.size(cell)})"
        for cell, peak in traced
    )


def _tests(card: Scorecard) -> str:
    tests = card.tests
    said = [f"{units.count(tests.passed)} pass, as before"] if tests.passed else ["none found"]
    if tests.failed:
        said.append(f"{len(tests.failed)} fail: {names(tests.failed)}")
    if tests.missing:
        said.append(f"{len(tests.missing)} did not run: {names(tests.missing)}")
    if tests.flaky:
        said.append(f"{len(tests.flaky)} set aside because they pass and fail without any change: {names(tests.flaky)}")
    if tests.unsteady:
        said.append(f"{len(tests.unsteady)} failed in one of two runs with the change: {names(tests.unsteady)}")
    if tests.set_aside:
        said.append(f"{len(tests.set_aside)} not run on this machine: {names(tests.set_aside)}")
    return "; ".join(said)


def _equivalence(card: Scorecard, relaxations: Sequence[str]) -> str:
    equal = card.equivalence
    if not equal.inputs:
        return "not compared"
    differing = equal.differing or len({each.input for each in equal.mismatches})
    agreeing = units.count(equal.compared - differing)
    said = [f"{agreeing} of {units.count(equal.inputs)} inputs, compared as {quote.code(equal.policy)}"]
    said += [f"the project lets differ: {names(relaxations, most=10)}"] if relaxations else []
    said += [_aside(equal.set_aside)] if equal.set_aside else []
    who = "it" if equal.set_aside else "the function itself"
    said += [f"{units.count(equal.skipped)} on which {who} gives no answer"] if equal.skipped else []
    return "; ".join(said)


def _aside(codes: Sequence[str]) -> str:
    """What nobody can be held to, because the unchanged function does not keep to it either."""
    families = dict.fromkeys(code.partition(" ")[0] for code in codes)  # some name the places that they are about
    found = [_ASIDE.get(code.rpartition(".")[2], quote.code(code)) for code in families]
    several = "these were" if len(found) > 1 else "that was"
    return f"the function itself differs from run to run in {' and '.join(found)}, so {several} not compared"


def _beyond(card: Scorecard) -> str:
    """Kinds of columns that nobody asked for and that come out different now."""
    found = card.equivalence.beyond
    if not found:
        return ""
    kinds = " and ".join(_COLUMNS.get(each.kind, "other columns") for each in found)
    return f"differs on {kinds}, which your inputs never contain (e.g. {quote.inline(found[0].text, 160)})"


def differences(card: Scorecard, most: int = 3) -> str:
    """Where results differ, each input once: as code where the code was seen to make the input again."""
    found: dict[tuple[str, bool], list[str]] = {}
    for each in card.equivalence.mismatches:
        found.setdefault((each.input, each.runnable), []).append(each.text)
    return "\n\n".join(_differing(texts, *told) for told, texts in list(found.items())[:most])


def _differing(texts: Sequence[str], told: str, runnable: bool) -> str:
    points = "\n".join(f"- {quote.inline(text, 300)}" for text in texts[:3])
    if runnable:
        return f"{points}\n\nThis call shows it:\n\n{quote.block(told, lines=60, language='python')}"
    return f"{points}\n\nThis input shows it: {quote.code(told, 300)}" if told else points


def _mutants(card: Scorecard) -> str:
    """How many wrong versions the inputs notice: the strength of all the agreement above."""
    found = card.equivalence.mutants
    if found is None or not found.made:
        return ""
    told = f"inputs made the same way told {found.killed} of {found.made} deliberately broken versions apart"
    cut = " in the time there was" if found.cut else ""
    unnoticed = "; ".join(quote.inline(text, 120) for text in found.survived[:_MOST_NAMES])
    return f"{told}{cut}; not noticed: {unnoticed}" if unnoticed else f"{told}{cut}"


def _control(card: Scorecard) -> str:
    if card.control is None:
        return ""
    told = "no difference, as it should be" if _calm(card.control) else "differs, so nothing here may be claimed"
    return f"{units.interval(card.control)}: {told}"


def _measured(card: Scorecard) -> str:
    if not card.processes:
        return ""
    clock = _CLOCKS.get(card.clock or "", "")
    said = [f"{card.processes} fresh processes", *([clock] if clock else [])]
    if card.cpu_over_wall is not None:
        said.append(f"CPU/wall {card.cpu_over_wall:.2f}")
    said += [f"with {' and '.join(known)}"] if (known := _libraries(card)) else []
    if card.sandbox:
        said.append(f"in {quote.inline(card.sandbox, 40)}")
    said.append(f"{units.elapsed(card.seconds)} of judging")
    return ", ".join(said)


def _libraries(card: Scorecard) -> list[str]:
    """Versions of what usually decides how fast such code is."""
    return [f"{name} {quote.inline(card.versions[name], 20)}" for name in _LIBRARIES if name in card.versions]


def _hardware(card: Scorecard) -> str:
    told = _VERDICTS.get(card.hardware.verdict, card.hardware.verdict)
    reasons = "; ".join(quote.inline(reason, 120) for reason in card.hardware.reasons[:3])
    because = f" ({reasons})" if reasons else ""
    machine = quote.inline(card.machine, 160)
    return f"{machine}; **{told}**{because}" if told else machine


def _calm(control: Interval) -> bool:
    return control.low <= 1 <= control.high


def names(listed: Sequence[str], *, most: int = _MOST_NAMES) -> str:
    """Foreign names, the first few of them."""
    shown = ", ".join(quote.code(name) for name in listed[:most])
    return shown if len(listed) <= most else f"{shown} and {len(listed) - most} more"
