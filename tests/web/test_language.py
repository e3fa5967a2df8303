"""The pages in other languages: the same paths after a prefix."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import MAIN
from web.language import DANISH, ENGLISH
from web.words import Words


@pytest.mark.parametrize("path", ["/", "/soeg?q=cykelsti", "/moeder", f"/moeder/{MAIN}?t=12", "/om"])
def test_a_page_leads_to_itself_in_the_other_language(client: TestClient, path: str) -> None:
    danish, english = client.get(path), client.get(f"/en{path}")
    assert (danish.status_code, english.status_code) == (200, 200)
    assert '<html lang="da">' in danish.text and '<html lang="en">' in english.text
    assert f'href="/en{path}"' in danish.text and f'href="{path}"' in english.text


def test_a_path_cannot_make_a_link_to_another_site(client: TestClient) -> None:
    for path in ("/en//evil.example/", "/en/%5Cevil.example", "//evil.example/"):
        page = client.get("http://testserver" + path)
        assert page.status_code == 404
        assert 'href="//evil' not in page.text and 'href="/\\evil' not in page.text


@pytest.mark.parametrize(
    ("path", "danish"),
    [
        ("/moeder", '<h3 class="entry-title"{}><a'),
        ("/soeg?q=cykelsti", '<blockquote class="quote"{}><p>'),
        (f"/moeder/{MAIN}?t=2", '<h1 class="meeting-title"{}>Møde i Aarhus'),
        (f"/moeder/{MAIN}?t=2", '<p class="turn-text"{}><a'),
        (f"/moeder/{MAIN}?t=2", "<blockquote{}><p>"),
        ("/sag?nr=25/26257", '<p class="lead"{}>Cykelsti'),
    ],
)
def test_what_is_danish_on_a_page_in_english_says_so(client: TestClient, path: str, danish: str) -> None:
    assert danish.format("") in client.get(path).text
    assert danish.format(' lang="da"') in client.get(f"/en{path}").text


def test_what_stands_among_the_danish_is_of_the_page(client: TestClient) -> None:
    assert '<span class="corrected" lang="en">[corrected]</span>' in client.get(f"/en/moeder/{MAIN}").text
    assert '<span class="corrected">[rettet]</span>' in client.get(f"/moeder/{MAIN}").text


def test_quotation_marks_and_shares_are_written_as_in_the_language() -> None:
    said = [(words.quoted("Ja."), words.percent(0.5)) for words in (Words(DANISH), Words(ENGLISH))]
    assert said == [("»Ja.«", "50 %"), ("“Ja.”", "50%")]
