"""Fetching the design system: what is kept of it, and that a second run costs nothing."""

from __future__ import annotations

import importlib.util
import re
import time
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fetch_design", ROOT / "scripts" / "fetch_design.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def fetched(script: ModuleType) -> Path:
    target: Path = script.TARGET
    if not (target / script.STAMP).is_file():
        pytest.skip("the design system is not fetched (scripts/fetch_design.py)")
    return target


def test_fonts_come_as_woff2_alone(script: ModuleType) -> None:
    css = (
        '@font-face{font-family:X;src:url(../f/x.eot),url(../f/x.woff) format("woff"),'
        'url(../f/x.woff2) format("woff2"),url(../f/x.ttf)}@font-face{src:local(Y)}a{b:url(../img/c.svg)}'
        "/*# sourceMappingURL=x.map */"
    )
    assert script.woff2_only(css) == (
        '@font-face{font-family:X;src:url(../f/x.woff2) format("woff2")}@font-face{src:local(Y)}a{b:url(../img/c.svg)}'
    )


def test_everything_the_style_sheet_names_is_there(fetched: Path) -> None:
    css = (fetched / "css" / "dkfds.min.css").read_text(encoding="utf-8")
    named = re.findall(r"url\(([^)]+)\)", css)
    assert named
    for address in named:
        assert address.startswith("../"), address
        assert (fetched / "css" / address).resolve().is_file(), address
    assert (fetched / "LICENSE.md").is_file()


def test_a_second_run_does_nothing(script: ModuleType, fetched: Path) -> None:
    before = (fetched / "css" / "dkfds.min.css").stat().st_mtime_ns
    start = time.monotonic()
    assert script.main() == 0
    assert time.monotonic() - start < 0.2
    assert (fetched / "css" / "dkfds.min.css").stat().st_mtime_ns == before
