"""A runner as a process of its own, over all steps but the index (an embedded one is not for several machines)."""

from __future__ import annotations

from dataclasses import asdict

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from pipeline.terminal.console import LineReporter, write_json


def main() -> None:
    with open_archive(load_settings()) as archive:
        outcome = Run(archive, LineReporter(), STEPS[:-1]).bring_up_to_date(archive.catalogue.meeting_ids())
    write_json(asdict(outcome))


if __name__ == "__main__":
    main()
