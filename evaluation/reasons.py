"""The closed list of reason codes: what each one says, in a sentence. `docs/reasons.md` is made from it."""

from collections.abc import Mapping

CODES: Mapping[str, str] = {
    # tests: the project's own
    "tests.failed": "A test that passes at the base commit fails with the candidate.",
    "tests.missing": "A test that passes at the base commit was not run, or not reported, with the candidate.",
    "tests.baseline": "The tests can't be used: they fail, time out or leave no report before any change.",
    # build: what the project builds in place
    "build.failed": "The project's own `build` fails with the candidate, or no longer makes what it made before.",
    # equivalence: the candidate beside the reference, on the same inputs
    "equivalence.value": "A value differs: beyond the tolerance for floats, at all for everything else.",
    "equivalence.type": "Something is of another type.",
    "equivalence.dtype": "Numbers, categories or moments are of another dtype, unit or time zone.",
    "equivalence.index": "An index has other labels, another dtype or frequency.",
    "equivalence.names": "Names or metadata differ: column labels, names of series and indexes, attrs.",
    "equivalence.order": "The same things come in another order.",
    "equivalence.pairing": "Things that stood side by side no longer do, where their order alone would not matter.",
    "equivalence.entries": "Things under different keys of a dict stood side by side and no longer do.",
    "equivalence.mutation": "The arguments are left in another state.",
    "equivalence.alias": "Objects or memory are shared that were not, or no longer shared that were.",
    "equivalence.exception": "An exception is raised, or not, or another one, or it says something else.",
    "equivalence.lazy": "An iterator or coroutine became something else or the other way round, or it ends differently.",
    "equivalence.state": "The call leaves its module or a global random stream in another state.",
    "equivalence.output": "Something else is printed, logged or warned about.",
    "equivalence.unclear": "The results can't be compared from outside, or the reference gives different ones itself.",
    "equivalence.weak": "The inputs would not notice mistakes: too few deliberately wrong versions came out different.",
    "equivalence.signature": "It can't be called as before: a parameter is gone, or has another name, place or default.",
    "equivalence.missing": "The function is not there to be called.",
    # guards: what a candidate must not do
    "guard.fenced-path": "A file that the project fenced off, or one that decides how tests run, is touched.",
    "guard.not-editable": "A file outside the project's editable paths is touched.",
    "guard.timer": "A clock is replaced, or a library is patched to measure differently.",
    "guard.frame": "Stack frames, other objects' memory or the interpreter's insides are read.",
    "guard.cache": "Results are kept from one call to the next.",
    "guard.identity": "A module, a builtin or a comparison is replaced to make things look equal.",
    "guard.thread": "Threads are started where there were none.",
    "guard.process": "Processes are started, replaced or ended where there were none.",
    "guard.network": "The network is used where it was not.",
    "guard.exit": "Something is registered to run at the end or on a signal.",
    "guard.startup": "Code is added that runs before or around the program: site hooks, import hooks, profilers.",
    "guard.import-origin": "A module hides another one of the same name, or was imported from elsewhere.",
    "guard.result-channel": "The process sent something that no worker writes, or the code touches Hasten's own probe.",
    "guard.baseline": "The gain is there beside the baseline only: with a process for each side it is gone.",
    "guard.environment": "It looks at where it runs: variables, arguments, the interpreter's switches, its own place.",
    "guard.files": "Files are read or written where they were not, or no longer written where they were.",
    "guard.dynamic-code": "Code is made from text where it was not.",
    "guard.gc": "The garbage collector is switched, or the gain is there only while it is held back.",
    "guard.import": "Importing the module costs clearly more than before: work was moved there.",
    "guard.growth": "Each call leaves memory behind, or makes the next one slower, where it did not.",
    "guard.drift": "After many calls, or among others, it behaves differently than where it was compared or measured.",
    "guard.fitted": "The gain is there at the measured sizes only, not a little beside them.",
    "guard.binary": "A compiled or binary file is added or changed.",
    # patch: whether there is anything to judge
    "patch.conflict": "The patch does not apply to the base commit.",
    "patch.empty": "The patch changes nothing.",
    "patch.syntax": "A changed Python file can't be parsed.",
    "patch.beside": "Definitions other than the target's change; told, but no reason by itself.",
    "patch.too-large": "A changed file is too large to be looked at.",
    # speed, memory, sandbox, hardware
    "speed.faster": "It is faster, by at least what the project wants to claim.",
    "speed.not-worth": "If it is faster at all, then by less than is worth it.",
    "speed.undecided": "The interval holds both a gain worth claiming and none.",
    "speed.unconfirmed": "A first look only: about this fast, and nothing is claimed yet.",
    "speed.solo": "Side by side it gains enough, with a process for each side it does not.",
    "speed.samples": "Too few comparable samples for an interval.",
    "speed.first-call": "The first call in a process takes clearly longer than before; told, but no reason by itself.",
    "speed.worst-cell": "One size becomes clearly slower.",
    "speed.score": "By the project's own score it is no better, or that score says nothing.",
    "speed.control": "Identical code did not come out as equal, so nothing is claimed.",
    "speed.no-workload": "No inputs can be made at sizes that are worth timing.",
    "speed.clock": "No clock can be trusted here: it can't be read from outside, or waiting and working can't be told apart.",
    "speed.probe": "Our own probe failed in a process that was measured: our fault, so nothing is said about the change.",
    "memory.more": "The candidate needs clearly more memory.",
    "sandbox.timeout": "The candidate did not answer in time.",
    "sandbox.crash": "The candidate's process ended.",
    "sandbox.memory": "The candidate used more memory than it may.",
    "hardware.mismatch": "The machine is not the one that the project wants its figures from.",
}


_INTRODUCTION = "Every outcome names its reasons by these codes. The list is closed: nothing else appears in a scorecard."


def family(code: str) -> str:
    """What kind of reason a code is: its first word."""
    return code.partition(".")[0]


def render() -> str:
    """`docs/reasons.md`."""
    lines = [
        "# Reason codes",
        "",
        _INTRODUCTION,
        "",
    ]
    for name in dict.fromkeys(map(family, CODES)):
        lines += [f"## {name}", "", "| code | what it says |", "|---|---|"]
        lines += [f"| `{code}` | {text} |" for code, text in CODES.items() if family(code) == name] + [""]
    return "\n".join(lines)
