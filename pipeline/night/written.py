"""The reports in the data folder: one night a day, as text, HTML and JSON, each whole or as it was before."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from catalogue import EngineError, write_whole
from pipeline.night.as_html import as_html
from pipeline.night.as_text import as_text
from pipeline.night.danish import headline, page
from pipeline.night.report import NightReport

_OURS = re.compile(r"(\d{4}-\d\d-\d\d)\.(txt|html|json)")


def as_json(report: NightReport) -> dict[str, Any]:
    """The report for machines: the records' own names; days and moments in ISO 8601; times in seconds."""
    return {"headline": headline(report), "exit_code": report.exit_code, **asdict(report)}


def write_report(folder: Path, report: NightReport, base_url: str = "") -> tuple[Path, ...]:
    """Write the three files of the report's morning. Raises `EngineError` where the folder cannot be written."""
    told = page(report)
    texts = {
        "txt": as_text(told),
        "html": as_html(told, base_url),
        "json": json.dumps(as_json(report), ensure_ascii=False, indent=2, default=str) + "\n",
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(write_whole(folder / f"{report.morning}.{kind}", text) for kind, text in texts.items())
    except OSError as error:
        raise EngineError(
            f"the night's report cannot be written ({error.strerror})",
            where=str(folder),
            remedy="Make room, and see who may write there; `talerstol status` tells what is done.",
        ) from error


def drop_old(folder: Path, morning: date, days: int) -> None:
    """Remove reports of nights more than so many days ago; nothing else in the folder is touched."""
    for file, day in _kept(folder):
        if day < morning - timedelta(days=days):
            with suppress(OSError):
                file.unlink()


def earlier_reports(folder: Path, morning: date) -> Iterator[dict[str, Any]]:
    """The reports of mornings before this one as they were written for machines, newest first; without those that
    cannot be read."""
    days: list[date] = []
    with suppress(OSError):
        days = [day for file, day in _kept(folder) if file.suffix == ".json" and day < morning]
    for day in sorted(days, reverse=True):
        with suppress(OSError, ValueError):
            found = json.loads((folder / f"{day}.json").read_text(encoding="utf-8"))
            if isinstance(found, dict):
                yield found


def _kept(folder: Path) -> Iterator[tuple[Path, date]]:
    for file in list(folder.iterdir()) if folder.is_dir() else ():
        if found := _OURS.fullmatch(file.name):
            with suppress(ValueError):  # 2026-02-31 is somebody else's
                yield file, date.fromisoformat(found[1])
