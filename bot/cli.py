"""The command line. Results go to standard output, progress and complaints to standard error; bad input: one line, exit 2."""

import json as jsonlib
import runpy
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from bot import inbox
from bot.ending import BadInput, Misconfigured, Transient, Unanswerable
from bot.settings import Settings
from handlers import events
from sandbox.gitcommand import GitError
from sandbox.spec import SandboxError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Make code measurably faster, and prove it.",
)
RunId = Annotated[str, typer.Argument(metavar="RUN", help="A run's id; it stands at the end of each report.")]
traces = typer.Typer(no_args_is_help=True, help="The record of what agents thought and did.")
app.add_typer(traces, name="traces")

ProjectPath = Annotated[Path, typer.Argument(metavar="PROJECT", help="A git checkout.")]
TargetText = Annotated[str, typer.Option("--target", metavar="FILE::NAME", help="The function to make faster.")]
SandboxName = Annotated[str | None, typer.Option("--sandbox", help="bubblewrap or docker; default: HASTEN_SANDBOX.")]
JsonPath = Annotated[
    Path | None, typer.Option("--json", metavar="OUT.json", help="Where the scorecard goes; - is standard output.")
]
PatchPath = Annotated[
    Path | None, typer.Option("--patch", metavar="OUT.patch", help="Where the change goes; - is standard output.")
]
CandidatePath = Annotated[
    Path, typer.Option("--candidate", metavar="CHANGE.patch", help="From `git add -N . && git diff HEAD`; - is stdin.")
]
SUITES = ("ack", "exercises", "judge", "mutants", "pilot", "simulate")
TIERS = ("auto", "bubblewrap", "docker")
COULD_NOT_JUDGE = 4
TROUBLE = (SandboxError, GitError, Unanswerable, Transient)


def _part(name: str) -> Any:
    """A part of the bot, loaded when a command needs it: `hasten --help` must not wait for a web server and a model's SDK."""
    return import_module(f"bot.{name}")


@app.command()
def evaluate(
    project: ProjectPath,
    target: TargetText,
    candidate: CandidatePath,
    sandbox: SandboxName = None,
    json: JsonPath = None,
    seed: Annotated[int | None, typer.Option("--seed", help="Makes the generated inputs repeatable.")] = None,
) -> None:
    """Judge one change: still right, really faster? Exit 0 accepted, 1 rejected, 3 inconclusive, 4 could not judge."""
    local, tier = _part("local"), _tier(sandbox)
    out = local.Output(json)
    raise typer.Exit(local.evaluate(_settings(), project, target, candidate, sandbox=tier, out=out, seed=seed))


@app.command()
def optimize(
    project: ProjectPath,
    target: TargetText,
    agent: Annotated[list[str] | None, typer.Option("--agent", help="Who proposes; may be given several times.")] = None,
    strategy: Annotated[str | None, typer.Option("--strategy", help="sequential, parallel, hybrid or adaptive.")] = None,
    sandbox: SandboxName = None,
    json: JsonPath = None,
    patch: PatchPath = None,
) -> None:
    """Search for a faster version without GitLab. Exit 0 improved, 1 nothing proven, 4 could not judge, 130 stopped."""
    if strategy not in (None, "sequential", "parallel", "hybrid", "adaptive"):
        raise BadInput(f"`--strategy {strategy}` is not known; write sequential, parallel, hybrid or adaptive")
    options = {"agents": agent or [], "strategy": strategy}
    local = _part("local")
    out, change = local.Output(json), local.Output(patch)
    raise typer.Exit(local.optimize(_settings(), project, target, sandbox=_tier(sandbox), options=options, out=out, patch=change))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: HASTEN_HOST.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; default: HASTEN_PORT.")] = None,
) -> None:
    """Run the bot: the webhook and the work behind it."""
    asked = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    _part("service").serve(_settings().model_copy(update=asked))


@app.command()
def doctor() -> None:
    """Say what is set, what works on this machine, and what to do about the rest."""
    raise typer.Exit(_part("doctor").report(_settings(), Console()))


@app.command()
def register(
    project: Annotated[str, typer.Argument(metavar="GROUP[/PROJECT]", help="A project, or a group with all in it.")],
    url: Annotated[str, typer.Option("--url", help="Where GitLab reaches the bot, e.g. https://hasten.example.com")],
    bot: Annotated[str | None, typer.Option("--bot", help="The bot's user name, to check its role.")] = None,
) -> None:
    """Install the webhook and the label in a project or group (needs a Maintainer's token)."""
    for line in _part("registration").register(_settings(), project, url, bot):
        typer.echo(line)


@app.command()
def replay(payload: Annotated[Path, typer.Argument(metavar="PAYLOAD.json")]) -> None:
    """Say what one webhook payload would start, without starting it."""
    if not payload.is_file():
        raise BadInput(f"`{payload}`: there is no such file; save a payload from the hook's recent events page")
    try:
        event = events.parse({}, payload.read_bytes())
    except events.Malformed as error:
        raise BadInput(f"`{payload}` is no webhook of GitLab's: {error}") from error
    settings = _settings()
    for request in inbox.requests(event, us=0, name="hasten", word=settings.command):
        typer.echo(jsonlib.dumps(request.to_json()))
    typer.echo(f"{event.kind} event", err=True)


@app.command()
def bench(
    suite: Annotated[str | None, typer.Argument(metavar="SUITE", help="ack, exercises, judge, mutants or pilot.")] = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Replay the search on worlds whose truth is known.")] = False,
) -> None:
    """Measure this installation and print the figures (from a checkout)."""
    suite = suite or ("simulate" if simulate else "")
    if suite not in SUITES:
        raise BadInput(f"`{suite}` is no suite; there are: {', '.join(SUITES)}")
    sys.argv = [f"hasten bench {suite}"]
    sys.path.insert(0, str(Path.cwd()))
    runpy.run_module(f"bench.{suite}", run_name="__main__")


@traces.command("show")
def show(run: RunId) -> None:
    """Print a run as people read it: who thought, said and did what."""
    for line in _part("traces.command").show(_settings(), run):
        typer.echo(line)


@traces.command("export")
def export(
    run: RunId,
    form: Annotated[str, typer.Option("--format", help="events, atif, messages (for training) or otlp.")] = "events",
    licence: Annotated[str | None, typer.Option("--licence", help="Of the project's code; needed for messages.")] = None,
) -> None:
    """Print a run's record: JSON lines of events, an ATIF document, conversations with rewards, or OpenTelemetry spans."""
    for line in _part("traces.command").export(_settings(), run, form, licence):
        typer.echo(line)


def main() -> None:
    """Entry point."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Carry out one command line; its exit code: 2 and one clear line for a mistake, 4 where nothing could be judged."""
    try:
        code = app(list(arguments), standalone_mode=False)
    except typer.TyperException as error:
        code = _complain(f"{' '.join(error.format_message().split())} See `hasten --help`.", 2)
    except (BadInput, Misconfigured) as error:
        code = _complain(str(error), 2)
    except TROUBLE as error:
        code = _complain(str(error), COULD_NOT_JUDGE)
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("stopped", 130)
    return code or 0


def _complain(text: str, code: int) -> int:
    sys.stderr.write(f"hasten: {text}\n")
    return code


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise BadInput(f"HASTEN_{name.removeprefix('HASTEN_')}: {first['msg']}; `hasten doctor` lists what can be set") from error


def _tier(name: str | None) -> str | None:
    if name not in (None, *TIERS):
        raise BadInput(f"`--sandbox {name}` is not known; write bubblewrap or docker")
    return name
