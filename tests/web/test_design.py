"""Fetching the design system: what is kept of it, and that a second run costs nothing."""

from __future__ import annotations

import importlib.util
import re
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


def test_a_second_run_does_nothing(
    script: ModuleType, fetched: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (fetched / "css" / "dkfds.min.css").stat().st_mtime_ns
    monkeypatch.setattr(script, "fetch", lambda *_: pytest.fail("it was fetched again"))
    assert script.main() == 0
    assert (fetched / "css" / "dkfds.min.css").stat().st_mtime_ns == before


# What is used of it -------------------------------------------------------------------------------------------

SHEET = (
    "a{color:red}.button{b:1}.button,.card a{c:1}.button:not(.big):hover{d:1}.card{e:1}"
    "@media print{.card{f:1}}@media(min-width:1px){.card{g:1}h1{h:1}}"
    "@font-face{font-family:X;font-style:normal;font-weight:700;src:url(x)}"
    "@font-face{font-family:X;font-weight:600;src:url(y)}"
    '@keyframes turn{0%{i:1}}@keyframes slide{0%{j:1}}.button:after{content:"}";animation:turn 1s}'
)


def test_only_rules_that_can_apply_are_kept(script: ModuleType) -> None:
    assert script.subset(SHEET) == (
        "a{color:red}.button{b:1}.button{c:1}.button:not(.big):hover{d:1}@media(min-width:1px){h1{h:1}}"
        "@font-face{font-family:X;font-weight:600;src:url(y)}"
        '@keyframes turn{0%{i:1}}.button:after{content:"}";animation:turn 1s}'
    )
    assert script.classes(SHEET) == {"button", "card", "big"}
    assert script.subset(script.subset(SHEET)) == script.subset(SHEET)


def test_no_class_of_the_design_system_is_used_that_was_left_out(fetched: Path, script: ModuleType) -> None:
    """Words that DKFDS has a class for, too, but that are our own, have rules of our own."""
    known = set((fetched / script.CLASS_NAMES).read_text(encoding="utf-8").split())
    own = "".join(f.read_text(encoding="utf-8") for f in (ROOT / "web" / "static" / "css").glob("*.css"))
    ours = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", own))
    kept = set(
        re.findall(r"\.(-?[A-Za-z_][\w-]*)", (fetched / "css" / "dkfds.min.css").read_text(encoding="utf-8"))
    )
    used: set[str] = set()
    for template in (ROOT / "web" / "templates").rglob("*.html"):
        for value in re.findall(r'class="([^"]*)"', template.read_text(encoding="utf-8")):
            used |= set(re.sub(r"\{[{%].*?[%}]\}", " ", value).split())
    assert used & known <= kept | ours


def test_what_is_kept_is_small(fetched: Path) -> None:
    assert (fetched / "css" / "dkfds.min.css").stat().st_size < 15_000
    assert sum(f.stat().st_size for f in fetched.rglob("*") if f.is_file()) < 300_000


# Colours ------------------------------------------------------------------------------------------------------

CSS = ROOT / "web" / "static" / "css"
# What is read, on what it is read; 4.5 to 1 is asked of text, 3 to 1 of the edges of what can be used (WCAG 2.2).
TEXT = [
    *((ink, paper) for ink in ("ink", "quiet", "link", "deep", "bad") for paper in ("paper", "soft", "now")),
    *(("ink", paper) for paper in ("mark", "stripe", "field")),
    *((ink, "mark") for ink in ("link", "visited")),
    *(("quiet", paper) for paper in ("stripe", "field")),
    *(("visited", paper) for paper in ("paper", "soft", "now")),
    *(("on-deep", paper) for paper in ("deep", "deeper")),
]
EDGES = [("edge", "paper"), ("edge", "soft"), ("edge", "field"), ("deep", "paper"), ("deep", "soft")]


def themes() -> dict[str, dict[str, str]]:
    css = (CSS / "talerstolen.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", root))
        for root in re.findall(r":root \{(.*?)\}", css, re.DOTALL)
    )
    return {"light": light, "dark": light | dark}


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_told_from_what_it_stands_on(theme: str) -> None:
    colours = themes()[theme]
    for pairs, least in ((TEXT, 4.5), (EDGES, 3.0)):
        for ink, paper in pairs:
            brighter, darker = sorted((luminance(colours[ink]), luminance(colours[paper])), reverse=True)
            assert (brighter + 0.05) / (darker + 0.05) >= least, (theme, ink, paper)


def test_colours_have_names() -> None:
    """In every style sheet of ours: a colour without a name is the same in the dark."""
    for sheet in CSS.glob("*.css"):
        css = re.sub(r":root \{.*?\}", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.findall(r":[^;{}]*?(#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\()", css), sheet.name
