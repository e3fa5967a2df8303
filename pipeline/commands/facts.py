"""The options by which people say which meeting they mean: the same wherever one is registered."""

from __future__ import annotations

from typing import Annotated

import typer

Agenda = Annotated[str, typer.Option("--agenda", help="Agenda: file or URL.")]
Title = Annotated[str, typer.Option("--title", help="The meeting's title.")]
Body = Annotated[str, typer.Option("--body", help="Council or committee.")]
Municipality = Annotated[str, typer.Option("--municipality", help="Municipality.")]
