"""municipalities.toml: what is right is read, what is wrong is said with its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import InputError
from ingest.portals import load_municipalities

GOOD = 'name = "Tranevig Kommune"\nportal = "firstagenda"\naddress = "https://d.example.org"\nsince = 2026-01-01\nrate = 0.0\n'


def write(home: Path, *entries: str) -> None:
    text = "".join(f"[[municipality]]\n{entry}\n" for entry in entries)
    (home / "municipalities.toml").write_text(text, encoding="utf-8")


def test_what_is_right(tmp_path: Path) -> None:
    folder = 'name = "Skovby"\nportal = "folder"\naddress = "drop"\nsince = 2026-01-01'
    more = GOOD + 'bodies = ["Byrådet"]\nrecordings = "https://x.dk/{date:%d-%m-%Y}/{body}.mp4"'
    write(tmp_path, more, folder)
    one, two = load_municipalities(tmp_path)
    assert (one.name, one.key, one.pause) == ("Tranevig Kommune", "tranevig-kommune:firstagenda", 0.0)
    assert one.recording_of(date(2026, 3, 4), "Byrådet") == "https://x.dk/04-03-2026/byraadet.mp4"
    assert not one.lists_recordings
    assert (two.address, two.bodies, two.pause) == (str((tmp_path / "drop").resolve()), (), 1.0)


def test_nothing_and_twice_the_same(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[\[municipality\]\]"):
        load_municipalities(tmp_path)
    (tmp_path / "municipalities.toml").write_text("town = 1")
    with pytest.raises(InputError, match='"town"'):
        load_municipalities(tmp_path)
    write(tmp_path, GOOD, GOOD)
    with pytest.raises(InputError, match="municipality 2, name"):
        load_municipalities(tmp_path)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("", ["municipality 1, name", "missing"]),
        (
            GOOD.replace("firstagenda", "meetings"),
            ["municipality 1, portal", "firstagenda, koebenhavn, folder"],
        ),
        (GOOD.replace("https://d", "d"), ["municipality 1, address", "https://"]),
        (GOOD.replace("2026-01-01", '"i år"'), ["municipality 1, since", "2026-01-01"]),
        (GOOD.replace("rate = 0.0", "rate = -1"), ["municipality 1, rate", "seconds"]),
        (GOOD.replace("rate", "speed"), ["municipality 1, speed", "rate"]),
        (GOOD + 'bodies = "Byrådet"', ["municipality 1, bodies", '["Byrådet"]']),
        (GOOD + 'recordings = "https://x.dk/{day}.mp4"', ["municipality 1, recordings", "{date}"]),
        (GOOD + 'recordings = "https://x.dk/{date}.mp4"', ["municipality 1, recordings", "{body}"]),
        ("name = ", ["municipalities.toml", "TOML"]),
    ],
)
def test_a_wrong_entry_is_said_with_its_place(tmp_path: Path, entry: str, words: list[str]) -> None:
    write(tmp_path, entry)
    with pytest.raises(InputError) as wrong:
        load_municipalities(tmp_path)
    assert all(word in wrong.value.sentence for word in words), wrong.value.sentence


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200))
def test_whatever_the_file_holds(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "municipalities.toml").write_bytes(data)
    with pytest.raises(InputError):
        load_municipalities(tmp_path)
