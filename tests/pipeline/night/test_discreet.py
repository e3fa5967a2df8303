"""What is in a message of a report: why, but no closed title, no key, nothing that a fault happened to carry."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.night.discreet import LONGEST, discreet
from pipeline.runs.faults import FAULT

SECRET = "Køb af Granvænget 7"


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_closed_title_is_never_in_it(before: str, after: str) -> None:
    for title in (SECRET, SECRET.upper(), SECRET.casefold()):
        assert SECRET.casefold() not in discreet(f"{before}{title}{after}", [SECRET]).casefold()


@given(st.text())
def test_it_is_short_whatever_came(message: str) -> None:
    assert len(discreet(message, [])) <= LONGEST


def test_addresses_lose_what_only_their_owner_should_know() -> None:
    said = discreet("https://anna:kode@optag.example.dk/a/b.mp4?token=abc#x: the transfer broke off", [])
    assert said == "https://optag.example.dk/a/b.mp4 the transfer broke off" or "token" not in said
    assert "kode" not in said and "anna" not in said and "optag.example.dk/a/b.mp4" in said


def test_of_a_fault_only_its_kind_is_kept() -> None:
    said = discreet(f"ValueError: Granvænget koster fire millioner\n{FAULT}; the log has the details.", [])
    assert said == f"ValueError\n{FAULT}; the log has the details."
