"""ATIF v1.7, the interchange format for trajectories: one document a run, with a trajectory of its own for each agent in it.

Rules of the format that shape this: steps count from 1; what only agents have stands on agents' steps only; a result belongs to
a call of the same step; a step without a model's inference has neither metrics nor reasoning; what is ours goes into `extra`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.agents.contract import Event
from bot.traces.record import Recorded, Stretch

VERSION = "ATIF-v1.7"
Json = dict[str, Any]


def document(recorded: Recorded, version: str) -> Json:
    """The run: what was asked, and one step for each stretch of work that points to its own trajectory."""
    asked = {"source": "user", "message": f"Make {recorded.run.target or 'the slowest function'} faster."}
    worked = [stretch for stretch in recorded.stretches if stretch.agent]
    return {
        "schema_version": VERSION,
        "session_id": recorded.run.id,
        "trajectory_id": recorded.run.id,
        "agent": {"name": "hasten", "version": version},
        "steps": _numbered([asked, *map(_delegated, worked)]),
        "subagent_trajectories": [trajectory(stretch, recorded.run.id, version) for stretch in worked],
        "final_metrics": _total(worked),
        "extra": {"state": recorded.run.state, "fates": _fates(recorded)},
    }


def trajectory(stretch: Stretch, session: str, version: str) -> Json:
    """One agent's work as a trajectory of its own."""
    agent: Json = {"name": stretch.agent, "version": version}
    if stretch.model:
        agent["model_name"] = stretch.model
    if tools := next((talk.request.get("tools") for talk in stretch.talks), None):
        agent["tool_definitions"] = [_tool(tool) for tool in tools]
    return {
        "schema_version": VERSION,
        "session_id": session,
        "trajectory_id": _name(stretch),
        "agent": agent,
        "steps": _numbered(_steps(stretch.events)) or _numbered([_system(Event("ended", "nothing was recorded"))]),
        "final_metrics": _total([stretch]),
        "extra": {"candidates": [_candidate(row) for row in stretch.candidates]},
    }


def _steps(events: Sequence[Event]) -> Iterator[Json]:
    """Groups what belongs to one answer of the model; what needs no model stands alone."""
    group: list[Event] = []
    for event in events:
        if event.kind in ("started", "step", "ended", "judged") and group:
            yield _agent(group)
            group = []
        if event.kind in ("started", "ended", "judged"):
            yield _system(event)
        elif event.kind != "step":
            group.append(event)
    if group:
        yield _agent(group)


def _system(event: Event) -> Json:
    return {"source": "system", "message": event.text, "extra": {"kind": event.kind, **event.data}}


def _agent(group: Sequence[Event]) -> Json:
    usage = [event.data for event in group if event.kind == "usage"]
    thoughts, words = ("\n\n".join(event.text for event in group if event.kind == kind) for kind in ("reasoning", "message"))
    step: Json = {"source": "agent", "llm_call_count": len(usage)}
    if usage:
        step |= {"message": words, "metrics": _metrics(usage)}
        step |= {"reasoning_content": thoughts} if thoughts else {}
    else:
        step["message"] = "\n\n".join(filter(None, (thoughts, words)))
    calls = [event for event in group if event.kind == "tool_call"]
    if calls:
        step["tool_calls"] = [_call(event) for event in calls]
        known = {str(event.data.get("id")) for event in calls}
        step["observation"] = {
            "results": [_result(e) for e in group if e.kind == "tool_result" and str(e.data.get("id")) in known]
        }
    notes = {kind: [event.text for event in group if event.kind == kind] for kind in ("file_changed", "retry")}
    if extra := {kind: texts for kind, texts in notes.items() if texts}:
        step["extra"] = extra
    return step


def _call(event: Event) -> Json:
    given = event.data.get("input")
    arguments = dict(given) if isinstance(given, Mapping) else {"unreadable": given}
    return {"tool_call_id": str(event.data.get("id")), "function_name": str(event.data.get("name")), "arguments": arguments}


def _result(event: Event) -> Json:
    failed = {"extra": {"failed": True}} if event.data.get("failed") else {}
    return {"source_call_id": str(event.data.get("id")), "content": event.text, **failed}


def _metrics(usage: Sequence[Mapping[str, Any]]) -> Json:
    def total(*names: str) -> int:
        return sum(int(each.get(name) or 0) for each in usage for name in names)

    costs = [each.get("usd") for each in usage]
    money = {} if None in costs else {"cost_usd": sum(float(cost or 0) for cost in costs)}
    prompt, cached = total("input", "cache_write", "cache_read"), total("cache_read")
    return {"prompt_tokens": prompt, "completion_tokens": total("output"), "cached_tokens": cached, **money}


def _total(stretches: Sequence[Stretch]) -> Json:
    """What the gateway counted, which also knows of answers that were cut off."""
    paid = [talk.exchange for stretch in stretches for talk in stretch.talks]
    spent = [each.usd for each in paid]
    money = {} if None in spent else {"total_cost_usd": sum(usd or 0.0 for usd in spent)}
    return {
        "total_prompt_tokens": sum(each.usage.prompt for each in paid),
        "total_completion_tokens": sum(each.usage.output for each in paid),
        "total_cached_tokens": sum(each.usage.cache_read for each in paid),
        **money,
    }


def _delegated(stretch: Stretch) -> Json:
    told = ", ".join(f"{row.title}: {row.outcome or 'unjudged'}" for row in stretch.candidates)
    reference = [{"trajectory_id": _name(stretch)}]
    return {
        "source": "agent",
        "llm_call_count": 0,
        "message": f"{stretch.agent} proposes.",
        "observation": {"results": [{"content": told or "no candidate", "subagent_trajectory_ref": reference}]},
    }


def _tool(tool: Mapping[str, Any]) -> Json:
    function = {"name": tool.get("name"), "description": tool.get("description", ""), "parameters": tool.get("input_schema", {})}
    return {"type": "function", "function": function}


def _candidate(row: Any) -> Json:
    return {"id": row.id, "title": row.title, "outcome": row.outcome, "speedup": row.ratio, "reasons": list(row.reasons)}


def _fates(recorded: Recorded) -> Json:
    return {each.candidate or each_pass.row.id: each.fate for each_pass in recorded.passes for each in each_pass.fates.values()}


def _name(stretch: Stretch) -> str:
    return f"{stretch.iteration}/{stretch.step}"


def _numbered(steps: Any) -> list[Json]:
    return [{"step_id": number, **step} for number, step in enumerate(steps, 1)]
