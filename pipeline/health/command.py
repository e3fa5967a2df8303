"""`talerstol check`: the command."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from catalogue import load_settings
from pipeline.archive import open_archive
from pipeline.health.deep import check_deeply
from pipeline.health.finding import Finding
from pipeline.health.in_place import check_archive
from pipeline.terminal.console import OK, SOME_FAILED, AsJson, make_reporter, out, write_json


def check(
    deep: Annotated[bool, typer.Option("--deep", help="Read every row and file too; takes long.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look whether everything is in place, and say what to do about what is not.

    Example: talerstol check --deep
    """
    with open_archive(load_settings()) as archive:
        findings = list(check_archive(archive))
        if deep:
            with make_reporter() as reporter:
                findings += check_deeply(archive, reporter)
    if as_json:
        write_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            _show(finding)
    raise typer.Exit(OK if all(finding.ok for finding in findings) else SOME_FAILED)


def _show(finding: Finding) -> None:
    out.print(f"{'ok     ' if finding.ok else 'PROBLEM'} {finding.subject}: {finding.text}", markup=False)
    if finding.remedy:
        out.print(f"        {finding.remedy}", markup=False)
