"""How a plan reads on the command line."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.night.plan import Plan, Planned

GB = 1e9


def plan_lines(plan: Plan) -> Iterator[str]:
    """A line a meeting in its turn, then what it comes to."""
    for one in plan.meetings:
        yield f"{one.meeting_id}: {', '.join(one.steps)}{_more(one)}"
    if not plan.meetings:
        yield "Everything is up to date."
        return
    yield ""
    unknown = f", and {_meetings(plan.unknown)} of unknown length" if plan.unknown else ""
    yield f"To hear: {plan.hours:.2f} hours{unknown}."
    speed = f"{plan.speed:.1f} × real time" if plan.speed else "unknown: it has heard nothing here yet"
    yield f"Speed of {plan.model}: {speed}."
    yield f"Disk: {_needed(plan)} needed, {plan.free / GB:.1f} GB free."
    yield from _end(plan)


def _more(one: Planned) -> str:
    told = [
        f"due {one.due}" if one.due else "",
        "length unknown" if one.hours is None else f"{one.hours:.2f} hours to hear" if one.hours else "",
        "NOT DONE BY THE DEADLINE" if one.in_time is False else "",
    ]
    said = "; ".join(part for part in told if part)
    return f" ({said})" if said else ""


def _needed(plan: Plan) -> str:
    if plan.bytes_known:
        return f"{plan.bytes / GB:.1f} GB"
    return f"more than {plan.bytes / GB:.1f} GB" if plan.bytes else "unknown"


def _end(plan: Plan) -> Iterator[str]:
    if plan.ends is not None:
        yield f"Ends at {plan.ends.astimezone():%Y-%m-%d %H:%M}, as fast as it has worked so far."
    if plan.until is None:
        return
    until = f"{plan.until.astimezone():%Y-%m-%d %H:%M}"
    late = sum(one.in_time is False for one in plan.meetings)
    if plan.in_time is None:
        yield f"Whether it ends by {until} cannot be told."
    elif plan.in_time:
        yield f"It ends by {until}."
    else:
        yield f"It does not end by {until}: {_meetings(late)} would go on the next night."


def _meetings(count: int) -> str:
    return "1 meeting" if count == 1 else f"{count} meetings"
