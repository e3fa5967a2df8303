"""The page of a quote: its words, who said them, and the addresses that lead to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from tests.web.conftest import MAIN, SECRETS, TEXT_ONLY
from tests.web.quotes.conftest import TIMED

PAGE = f"/moeder/{TIMED}/citat"


def words(page: str) -> str:
    found = re.search(r'<blockquote class="quote-words".*?</blockquote>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[0]).split())


def test_without_a_version_it_leads_to_the_one_of_now(read: TestClient) -> None:
    answer = read.get(f"{PAGE}?fra=10&til=12")
    assert answer.status_code == 302
    assert re.fullmatch(rf"{PAGE}\?fra=10&til=12&v=[0-9a-f]{{8}}", answer.headers["location"])
    english = read.get(f"/en{PAGE}?fra=10&til=12").headers["location"]
    assert english.startswith(f"/en{PAGE}?")
    page = read.get(answer.headers["location"])
    assert page.status_code == 200
    assert f'<link rel="canonical" href="https://arkiv.example{answer.headers["location"]}"' in (
        page.text.replace("&amp;", "&")
    )


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (
            "fra=10&til=15.6",
            "Anna Friis (A): »Jeg synes, at stien er alt for smal, og at stien er for mørk.«",
        ),
        ("fra=10.8&til=13.2", "Anna Friis (A): »… at stien er alt for smal, …«"),
        (
            "fra=3.2&til=11.2",
            "Borgmesteren: »… nye cykelsti.« Anna Friis (A): »Jeg synes, at …«",
        ),
    ],
)
def test_words_are_cut_by_their_times(read: TestClient, between: str, said: str) -> None:
    page = read.get(read.get(f"{PAGE}?{between}").headers["location"]).text
    assert words(page) == said
    assert "hele sætninger" not in page


def test_sentences_are_whole_where_words_have_no_times(read: TestClient) -> None:
    address = read.get(f"/moeder/{TEXT_ONLY}/citat?fra=2&til=3").headers["location"]
    page = read.get(address).text
    assert words(page) == "Formanden: »Museet holder åbent om søndagen.«"
    assert "hele sætninger" in page
    assert "Navnet er udgiverens eget" in page


def test_one_second_means_the_sentence_there(read: TestClient) -> None:
    assert "fra=10&til=15.55&" in read.get(f"{PAGE}?fra=12.3").headers["location"]


def test_what_is_known_of_the_speaker_and_the_rest_is_said(read: TestClient) -> None:
    page = read.get(read.get(f"{PAGE}?fra=10.8&til=13.2").headers["location"]).text
    for said in (
        "Navnet er sat af et program. Ingen person har bekræftet det.",
        "Jeg synes, …",  # what the quote cuts off, and what was said before and after
        "… og at stien er for mørk.",
        "Det kan vi godt støtte",
        "Punkt 4: <span>Cykelsti langs Strandvejen",
        "0:10–0:13",
        "navnet er ikke bekræftet",
        'property="og:image"',
    ):
        assert said in page, said


def test_the_player_plays_just_the_quote(read: TestClient) -> None:
    page = read.get(read.get(f"{PAGE}?fra=0.8&til=2.1").headers["location"]).text
    assert f"/medie/{TIMED}/1#t=0.8,2.1" in page
    later = read.get(read.get(f"{PAGE}?fra=10.8&til=13.2").headers["location"]).text
    assert "Der er ingen optagelse at afspille her." in later  # the recording has eight seconds


def test_several_speakers_are_quoted_each_with_their_name(read: TestClient) -> None:
    cited = read.get(f"/api/v1/meetings/{TIMED}/quote?from=3.2&to=11.2").json()["citations"]
    assert cited["plain"].startswith("Borgmesteren: »… nye cykelsti.« Anna Friis (A): »Jeg synes, at …« –")
    assert "<p>Borgmesteren: »… nye cykelsti.«</p>" in cited["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 422),
        ("fra=10", 302),
        ("fra=x&til=12", 422),
        ("fra=12&til=10", 422),
        ("fra=10&til=10", 422),
        ("fra=-1&til=2", 422),
        ("fra=1e3&til=2e3", 422),
        ("fra=nan&til=inf", 422),
        ("fra=0&til=300", 302),
        ("fra=0&til=300.02", 422),
        ("fra=7&til=9", 404),  # nobody speaks
        ("fra=999999&til=1000000", 422),
        ("fra=10&til=12&v=" + "a" * 5000, 200),
        ("fra=10&til=12&v=%00%ff", 200),
    ],
)
def test_what_cannot_be_asked(read: TestClient, query: str, status: int) -> None:
    assert read.get(f"{PAGE}?{query}").status_code == status


@settings(deadline=None, max_examples=50)
@given(
    start=st.one_of(st.text(max_size=12), st.floats(allow_nan=True).map(str)),
    end=st.one_of(st.text(max_size=12), st.floats(allow_nan=True).map(str)),
    version=st.text(max_size=80),
)
def test_no_address_makes_it_fail(read: TestClient, start: str, end: str, version: str) -> None:
    params = {"fra": start, "til": end, "v": version}
    for path in (PAGE, f"{PAGE}.png"):
        assert read.get(path, params=params).status_code in (200, 302, 404, 422)


@pytest.mark.parametrize("between", ["fra=4&til=5", "fra=4.2&til=4.4", "fra=5&til=6", "fra=9&til=10"])
def test_withheld_time_shows_nothing(read: TestClient, between: str) -> None:
    for path in (f"/moeder/{MAIN}/citat?{between}", f"/moeder/{MAIN}/citat.png?{between}"):
        answer = read.get(path)
        assert answer.status_code == 410
        assert not [secret for secret in SECRETS if secret in answer.text.lower()]
    assert "udeladt" in read.get(f"/moeder/{MAIN}/citat?{between}").text
    machine = read.get(f"/api/v1/meetings/{MAIN}/quote?{between.replace('fra', 'from').replace('til', 'to')}")
    assert (machine.status_code, machine.json()["error"]["code"]) == (410, "withheld")


def test_what_is_withheld_inside_is_said(read: TestClient) -> None:
    page = read.get(read.get(f"/moeder/{MAIN}/citat?fra=2&til=7").headers["location"]).text
    assert "[Her er noget udeladt" in page
    assert "[…]" in page
    assert not [secret for secret in SECRETS if secret in page.lower()]
    assert "<script>alert" not in page


def test_the_meeting_and_the_front_page_have_cards(read: TestClient) -> None:
    page = read.get(f"/moeder/{TIMED}?t=12").text
    assert f"https://arkiv.example/moeder/{TIMED}/citat.png?fra=10" in page
    assert 'id="citer"' in page
    assert 'property="og:title"' in read.get("/").text
    assert "og:image" not in read.get(f"/moeder/{MAIN}?t=4.5").text
