"""The command line `talerstol`: what each command is called, where it lies, and its line in the help.

A command's module is imported when the command is named, so that `--help` imports nothing of the house.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command


@dataclass(frozen=True, slots=True)
class Command:
    """`line` is the first of its docstring; `where` is `module:function`, or `module:app` of one with commands."""

    name: str
    where: str
    line: str

    def load(self) -> typer.Typer:
        found = pkgutil.resolve_name(self.where)
        if isinstance(found, typer.Typer):
            return found
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(self.name)(found)
        return one


COMMANDS = (
    Command("add", "pipeline.commands.add:add", "Register a meeting; prints its id."),
    Command(
        "sync",
        "pipeline.commands.sync:sync",
        "Find new meetings, agendas, minutes and recordings at the portals in municipalities.toml.",
    ),
    Command(
        "run",
        "pipeline.commands.run:run",
        "Bring meetings up to date: fetch, transcribe, place agenda items, index.",
    ),
    Command(
        "night",
        "pipeline.commands.night:night",
        "Bring the whole archive up to date overnight, and leave a report for the morning.",
    ),
    Command(
        "status",
        "pipeline.commands.status:status",
        "Show what runs now, and what is done, waiting, failed, or needs a person.",
    ),
    Command(
        "items",
        "pipeline.commands.items:items",
        "Show when each agenda item was taken, and mend it. ITEM is a number, 5@SOURCE-ID, or #3 for the third.",
    ),
    Command(
        "edit",
        "pipeline.commands.edit:edit",
        "Correct what is said, leave it out, close and open items, and take that back. Without options: what was done.",
    ),
    Command(
        "keep",
        "pipeline.commands.keep:keep",
        "Keep a meeting's recordings whatever retention.toml says; without a meeting, list what is kept.",
    ),
    Command(
        "reports",
        "pipeline.commands.reports:reports",
        "List what readers reported as wrong, and close what has been dealt with.",
    ),
    Command(
        "record",
        "pipeline.commands.record:record",
        "Record a live meeting until it ends; Ctrl-C ends it well. Started again it goes on.",
    ),
    Command("transcribe", "pipeline.commands.single:transcribe", "Transcribe one recording, to stdout."),
    Command(
        "segment",
        "pipeline.commands.single:segment",
        "Place one meeting's agenda items in its transcript; JSON to stdout.",
    ),
    Command("search", "pipeline.commands.search:search", "Search the archive, as the web does."),
    Command(
        "serve",
        "pipeline.commands.serve:serve",
        "Serve the archive on the web until stopped, and keep its search index up to date.",
    ),
    Command(
        "reindex",
        "pipeline.commands.reindex:reindex",
        "Build the whole search index anew from the catalogue; searching goes on meanwhile.",
    ),
    Command(
        "check",
        "pipeline.health:check",
        "Look whether everything is in place, and say what to do about what is not.",
    ),
    Command(
        "export",
        "pipeline.export:export",
        "Write all that is public as open data: JSON lines, and Parquet with the extra [export].",
    ),
    Command(
        "backup",
        "pipeline.commands.backup:backup",
        "Copy the whole archive, also while a run is at work, and read the copy back.",
    ),
    Command(
        "restore",
        "pipeline.commands.backup:restore_command",
        "Put a backup into an archive that holds nothing yet (TALERSTOL_HOME, TALERSTOL_DATABASE_URL).",
    ),
    Command(
        "models",
        "pipeline.commands.models:models_app",
        "List the speech models: which are here, their licence and published Danish word error rate.",
    ),
    Command(
        "demo",
        "pipeline.commands.demo:demo",
        "Build a small archive of an invented municipality, and serve it.",
    ),
)


class Commands(TyperGroup):
    """Lists the commands by their lines; fetches the one that was named."""

    def invoke(self, ctx: Any) -> Any:
        from pipeline.terminal.errors_said import errors_said

        with errors_said():
            return super().invoke(ctx)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, known, rest = super().resolve_command(ctx, args)
        found = next((get_command(one.load()) for one in COMMANDS if one.name == name), known)
        return name, found, rest


app = typer.Typer(
    name="talerstol",
    cls=Commands,
    help="Talerstolen: an open archive of council meetings, from recording to searchable page.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _line_only() -> None:
    """Stands for a command in the list of the help."""


for _one in COMMANDS:
    app.command(_one.name, help=_one.line)(_line_only)
