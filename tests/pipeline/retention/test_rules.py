"""`retention.toml` is read strictly: it is either understood whole, or the error names file, entry and field."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import InputError, Meeting
from pipeline.retention import RETENTION, BadRules, Publish, Rule, rules

VEJEN = Meeting("m", "Byrådet", date(2026, 1, 7), "Byrådet", "Vejen Kommune")


def written(home: Path, text: str) -> Path:
    home.mkdir(parents=True, exist_ok=True)
    (home / RETENTION).write_text(text, encoding="utf-8")
    return home


def test_without_a_file_nothing_ever_goes_and_captions_are_due_in_14_days(tmp_path: Path) -> None:
    assert rules(tmp_path).of(VEJEN) == Rule(None, 14, None, Publish.AT_ONCE, True)


def test_a_body_says_more_than_its_municipality_and_that_more_than_the_default(tmp_path: Path) -> None:
    said = rules(
        written(
            tmp_path,
            '[default]\nvideo_days = 365\ncaptions_days = 10\n[[municipality]]\nname = "Vejen"\nsource_days = 13\n'
            'publish = "with captions"\n[[municipality]]\nname = "Vejen Kommune"\nbody = "Økonomiudvalget"\n'
            'video_days = "for good"\nkeep_text = false\n',
        )
    )
    assert said.of(VEJEN) == Rule(13, 10, 365, Publish.WITH_CAPTIONS, True)
    committee = replace(VEJEN, body="Økonomiudvalget")
    assert said.of(committee) == Rule(13, 10, None, Publish.WITH_CAPTIONS, False)
    assert said.of(replace(VEJEN, municipality="Tranevig")) == Rule(None, 10, 365)


@pytest.mark.parametrize(
    ("text", "entry", "field"),
    [
        ("[default]\nvideo_days = 0", 0, "video_days"),
        ("[default]\nvideo_days = true", 0, "video_days"),
        ('[default]\nvideo_days = "13"', 0, "video_days"),
        ('[default]\nname = "Vejen"', 0, "name"),
        ("[[municipality]]\nvideo_days = 3", 1, "name"),
        ('[[municipality]]\nname = "Kommune"', 1, "name"),
        ('[[municipality]]\nname = "A"\nvideo-days = 3', 1, "video-days"),
        ('[[municipality]]\nname = "A"\npublish = "later"', 1, "publish"),
        ('[[municipality]]\nname = "A"\n[[municipality]]\nname = "A Kommune"', 2, "name"),
        ('[[municipality]]\nname = "A"\nkeep_text = "no"', 1, "keep_text"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, entry: int, field: str) -> None:
    with pytest.raises(BadRules) as found:
        rules(written(tmp_path, text))
    assert (found.value.entry, found.value.field) == (entry, field)
    assert found.value.remedy and RETENTION in found.value.where


@pytest.mark.parametrize(
    "text", ["[default", "days = 3", "municipality = 3", "default = 3", "[[municipality]]\n[default]\n[x]"]
)
def test_a_file_of_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as found:
        rules(written(tmp_path, text))
    assert RETENTION in found.value.where


values = st.one_of(
    st.integers(-5, 40_000), st.booleans(), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=15),
    st.sampled_from(["for good", "at once", "with captions", "Vejen"]),
)  # fmt: skip
fields = st.sampled_from(
    ["name", "body", "source_days", "captions_days", "video_days", "publish", "keep_text", "x"]
)
entries = st.dictionaries(fields, values, max_size=5)


def toml(entry: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {json.dumps(value)}" for name, value in entry.items())


@given(default=entries, listed=st.lists(entries, max_size=3))
def test_every_file_is_understood_whole_or_refused(
    tmp_path_factory: pytest.TempPathFactory, default: dict[str, Any], listed: list[dict[str, Any]]
) -> None:
    text = "\n".join(["[default]", toml(default), *(f"[[municipality]]\n{toml(entry)}" for entry in listed)])
    home = written(tmp_path_factory.getbasetemp() / "rules", text)
    try:
        said = rules(home)
    except InputError as error:
        assert RETENTION in error.where
        return
    for entry in [default, *listed]:
        meeting = replace(VEJEN, municipality=str(entry.get("name", "?")), body=str(entry.get("body", "")))
        rule = said.of(meeting)
        assert rule.captions_days >= 1 and (rule.video_days is None or rule.video_days >= 1)
        for name, value in entry.items():
            if (
                name in ("source_days", "captions_days", "video_days", "publish", "keep_text")
                and entry is not default
            ):
                assert getattr(rule, name) == (None if value == "for good" else value)
