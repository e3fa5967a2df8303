"""`talerstol keep`: recordings that stay although the rules say that they go."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from catalogue import Hold, InputError, load_settings
from pipeline.archive import open_archive
from pipeline.terminal.console import AsJson, out, write_json
from pipeline.terminal.login import login_name


def keep(
    meeting: Annotated[str, typer.Argument(metavar="[MEETING]", help="The meeting's id.")] = "",
    why: Annotated[str, typer.Option(help="Why it is kept: a complaint, a court case, an inquiry.")] = "",
    release: Annotated[
        bool, typer.Option("--release", help="Take it back: the rules hold for the meeting again.")
    ] = False,
    by: Annotated[str, typer.Option(help="Who says so; your login name if left out.")] = "",
    as_json: AsJson = False,
) -> None:
    """Keep a meeting's recordings whatever retention.toml says; without a meeting, list what is kept.

    Example: talerstol keep tranevig-byraadet-2025-09-24 --why "complaint 26/118"
    """
    asked = sum((release, bool(why.strip())))
    if asked != (1 if meeting else 0):
        raise InputError(
            "needs a meeting, and either --why or --release",
            where="talerstol keep",
            remedy='Write for example: talerstol keep MEETING --why "complaint 26/118"',
        )
    with open_archive(load_settings()) as archive:
        retention = archive.catalogue.retention
        released = retention.release(meeting, archive.now()) if release else 0
        if meeting and not release:
            retention.hold(Hold(meeting, by.strip() or login_name(), why.strip(), archive.now()))
            gone = [r.ordinal for r in archive.catalogue.meeting(meeting).recordings if r.retired]
        else:
            gone = []
        held = retention.holds()
    if as_json:
        write_json({"released": released, "gone": gone, "kept": [asdict(hold) for hold in held]})
        return
    if release:
        out.print(f"{meeting}: {'the rules hold again' if released else 'nobody kept it'}", markup=False)
    elif meeting:
        out.print(f"{meeting} is kept until `talerstol keep {meeting} --release`", markup=False)
    for ordinal in gone:
        out.print(f"{meeting}: recording {ordinal} is gone already; its text is kept", markup=False)
    for hold in held if not meeting else ():
        since = hold.at.astimezone()
        out.print(f"{hold.meeting_id}  since {since:%Y-%m-%d}, {hold.by}: {hold.why}", markup=False)
    if not (meeting or held):
        out.print("Nothing is kept beyond the rules.")
