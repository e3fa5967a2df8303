"""The parts of a quote: stretches, versions, cutting, differences, citations, marked words."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.datastructures import QueryParams
from starlette.testclient import TestClient

from catalogue import Sentence, Word
from tests.web.quotes.conftest import TIMED
from web.quotes.changes import Kind, changes
from web.quotes.cutting import timed_words
from web.quotes.stretch import LONGEST_QUOTE, parse_stretch, stretch
from web.quotes.version import Version, parse_version
from web.search_query import BadParameter

SECONDS = st.floats(0, 900_000)
TEXTS = st.lists(st.sampled_from(["ja", "nej", "stien", "er", "smal,", "bred."]), max_size=40)


@given(SECONDS, SECONDS)
def test_a_stretch_is_never_empty_nor_too_long(start: float, end: float) -> None:
    found = stretch(start, end)
    assert 0 < found.end - found.start <= LONGEST_QUOTE + 1e-6
    assert found.start - 1e-6 <= start < found.start + 0.0101


@given(st.text(max_size=20), st.text(max_size=20))
def test_seconds_are_read_or_refused(start: str, end: str) -> None:
    try:
        begin, until = parse_stretch(QueryParams({"fra": start, "til": end}))
    except BadParameter:
        return
    assert 0 <= begin < (until if until is not None else begin + 1) <= begin + LONGEST_QUOTE


@given(st.lists(st.from_regex(r"[0-9a-f]{8}", fullmatch=True), min_size=1, max_size=8), st.booleans())
def test_a_version_is_read_as_it_was_written(texts: list[str], corrected: bool) -> None:
    version = Version(tuple(texts), "0c4d5e" if corrected else "")
    assert parse_version(str(version)) == version


@given(st.text(max_size=100))
def test_what_is_read_as_a_version_is_written_so(text: str) -> None:
    version = parse_version(text)
    assert version is None or str(version) == text.strip()


@given(TEXTS, TEXTS)
def test_a_difference_holds_both_texts(before: list[str], after: list[str]) -> None:
    found = changes(" ".join(before), " ".join(after))
    assert found is not None
    kept = [c.text for c in found if c.kind is not Kind.NEW]
    now = [c.text for c in found if c.kind is not Kind.GONE]
    assert " ".join(kept).split() == before
    assert " ".join(now).split() == after
    assert all(c.kind is Kind.SAME for c in found) == (before == after)


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert changes("ja " * 3000, "nej") is None


def said(text: str, *words: str) -> Sentence:
    timed = tuple(Word(float(n), n + 0.5, word, 1.0) for n, word in enumerate(words))
    return Sentence(0.0, 9.0, text, None, None, 1, timed)


def test_words_are_found_in_the_text_or_not_at_all() -> None:
    assert [(w.begin, w.stop) for w in timed_words(said("Ja, ja da.", " Ja,", " ja", " da."))] == [
        (0, 3),
        (4, 6),
        (7, 10),
    ]
    assert timed_words(said("Ja, ja da.", " Ja,", " ja")) == ()
    assert timed_words(said("Ja, ja da.", " nej")) == ()
    assert timed_words(said("Ja, ja da.")) == ()


API = f"/api/v1/meetings/{TIMED}/quote"


@pytest.mark.parametrize(
    ("query", "start", "end"),
    [
        ({"from": 10, "to": 10, "text": "alt for smal"}, 12.0, 13.15),
        ({"from": 10, "to": 10, "text": "ALT   for\nsmal,"}, 12.0, 13.15),
        ({"from": 10, "text": "er"}, 11.6, 11.95),
        ({"from": 10, "text": "stien er", "offset": 40}, 14.0, 14.75),
        ({"from": 10, "text": "en er", "offset": 3}, 11.2, 11.95),
        ({"from": 0, "to": 10, "text": "nye cykelsti. Jeg synes"}, 3.2, 10.75),
        (
            {
                "from": 0,
                "to": 20,
                "text": "cykelsti. Jeg synes, at stien er alt for smal, og at stien er for mørk. Det",
            },
            3.6,
            20.35,
        ),
    ],
)
def test_marked_words_get_their_exact_time(
    read: TestClient, query: dict[str, str | int], start: float, end: float
) -> None:
    answer = read.get(API, params=query).json()
    assert (answer["start"], answer["end"]) == (pytest.approx(start), pytest.approx(end))
    assert answer["url"].startswith("https://arkiv.example/moeder/")


@pytest.mark.parametrize(
    "query",
    [
        {"from": 10, "text": "står her ikke"},
        {"from": 11, "text": "stien"},
        {"from": 10, "to": 0, "text": "stien"},
        {"from": 0, "to": 200, "text": " "},
        {"text": "stien"},
        {"from": 10, "text": "stien", "offset": "x"},
        {"from": 10, "text": "x" * 7900},
        {"from": 0, "to": 301, "text": "stien"},
    ],
)
def test_words_that_do_not_stand_there_are_refused(read: TestClient, query: dict[str, str | int]) -> None:
    answer = read.get(API, params=query)
    assert answer.status_code == 422 or "text" not in {k for k, v in query.items() if str(v).strip()}
    assert answer.status_code in (200, 422)


@settings(deadline=None, max_examples=50)
@given(text=st.text(max_size=60), first=SECONDS, last=SECONDS, offset=st.integers(0, 10**8))
def test_no_marking_makes_it_fail(
    read: TestClient, text: str, first: float, last: float, offset: int
) -> None:
    query: dict[str, str | int] = {
        "from": f"{first:.2f}",
        "to": f"{last:.2f}",
        "text": text,
        "offset": offset,
    }
    assert read.get(API, params=query).status_code in (200, 404, 422)


def test_citations_can_be_read_by_what_they_are_for(read: TestClient) -> None:
    answer = read.get(f"{API}?from=10&to=15.6").json()
    cited, url = answer["citations"], answer["url"]
    entry = json.loads(cited["csl"])[0]
    assert (entry["URL"], entry["issued"]["date-parts"]) == (url, [[2026, 3, 4]])
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in cited["ris"].split("\n"))
    assert cited["bibtex"].startswith("@misc{tranevig-byraadet-2026-03-04-10,")
    assert cited["bibtex"].count("{") == cited["bibtex"].count("}")
    assert f'cite="{url.replace("&", "&amp;")}"' in cited["html"]
    assert cited["plain"].endswith(f"Udgave {answer['version']}.)")
    assert url in cited["plain"]


def test_hostile_names_stay_text_in_citations() -> None:
    from web.quotes.citations import Facts, _bibtex, _html, _ris

    bad = 'x} \\input{/etc} "<script>" % _'
    facts = Facts("k", (bad,), bad, bad, bad, None, bad, "0:01–0:02", bad, "https://a/?b&c", bad)
    assert "<script>" not in _html(facts)
    assert "\\input{" not in _bibtex(facts)
    assert _ris(replace(facts, title="a b")).count("\n") == 7
