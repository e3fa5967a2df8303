"""The overnight run: portals, recordings, retention, open data, and a report for the morning."""

from __future__ import annotations

from pipeline.night.danish import headline, page
from pipeline.night.night import NightAtWork, hold_night, never_began, one_night
from pipeline.night.order import Waiting
from pipeline.night.plan import Plan, Planned, plan
from pipeline.night.plan_lines import plan_lines
from pipeline.night.queue import queue
from pipeline.night.report import NightReport
from pipeline.night.written import as_json

__all__ = [
    "NightAtWork",
    "NightReport",
    "Plan",
    "Planned",
    "Waiting",
    "as_json",
    "headline",
    "hold_night",
    "never_began",
    "one_night",
    "page",
    "plan",
    "plan_lines",
    "queue",
]
