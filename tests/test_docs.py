"""The documents say what there is: every command, every address, and no picture or link that is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from pipeline.cli import COMMANDS, Command
from web.app import ROUTES

ROOT = Path(__file__).parents[1]


def _helps() -> Iterator[tuple[str, str]]:
    """What `--help` says of each command, and of each command in one."""
    for one in COMMANDS:
        command = get_command(one.load())
        yield one.name, command.help or ""
        for name, inner in getattr(command, "commands", {}).items():
            yield f"{one.name} {name}", inner.help


HELPS = dict(_helps())


@pytest.mark.parametrize("command", sorted(HELPS))
def test_every_command_is_in_the_readme_and_has_an_example(command: str) -> None:
    assert f"`talerstol {command}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"Example: talerstol {command}" in HELPS[command]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_the_list_of_commands_says_what_each_says_of_itself(command: Command) -> None:
    assert HELPS[command.name].startswith(f"{command.line}\n")


@pytest.mark.parametrize("path", [route.path for route in ROUTES])
def test_every_address_is_documented(path: str) -> None:
    assert f"`{path}`" in (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda p: p.name)
def test_links_lead_somewhere(document: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if "://" not in link:
            assert (document.parent / link).exists(), link


def test_no_registry_host_and_no_path_of_a_machine_is_named() -> None:
    # Written in two halves, so that this test does not find itself.
    forbidden = [
        "files.python" + "hosted",
        "registry.npm" + "js",
        "pypi." + "org",
        "/wo" + "rk/",
        "/ro" + "ot/",
    ]
    suffixes = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".js", ".css", ".html", ""}
    skipped = {"node_modules", "vendor", "__pycache__", "demo-data", "talerstol-data"}
    for file in ROOT.rglob("*"):
        parts = file.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if hidden or skipped & set(parts) or file.suffix not in suffixes or not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="ignore")
        assert not [word for word in forbidden if word in text], file
