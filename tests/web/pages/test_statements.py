"""What the archive says of itself: whole, and honest about what nobody has said yet."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from catalogue import Settings
from tests.web.conftest import Built
from web import create_app
from web.pages.about import MEASURED

ROOT = Path(__file__).parents[3]
SAID = {
    "operator": "Tranevig Kommune",
    "contact": "arkiv@tranevig.example",
    "phone": "12 34 56 78",
    "postal_address": "Torvet 1, 9999 Tranevig",
    "privacy_contact": "dpo@tranevig.example",
    "legal_basis": "Artikel 6, stk. 1, litra e.",
    "accessibility_status": "partial",
    "accessibility_method": "Kommunen har selv undersøgt webstedet.",
    "accessibility_date": date(2026, 11, 1),
    "accessibility_statement": "https://was.example/tranevig",
}
PAGES = ("/om", "/om/saadan", "/om/begraensninger", "/privatliv", "/tilgaengelighed")


def archive(built: Built, **said: object) -> TestClient:
    settings = Settings(home=built.settings.home, base_url="https://arkiv.example", **said)  # type: ignore[arg-type]
    return TestClient(create_app(settings, built.catalogue, built.store, built.app.state.site.engine))


def test_every_page_leads_to_all_of_them(client: TestClient) -> None:
    for path in ("/", "/moeder", "/nej", *PAGES):
        text = client.get(path).text
        for page in (*PAGES, "/aabne-data", "/api", "/udvalg", "/moeder.atom"):
            assert f'href="{page}"' in text, (path, page)
        assert 'href="/en' in text
    assert 'href="/en/privatliv"' in client.get("/en/").text


@pytest.mark.parametrize("path", PAGES)
def test_pages_have_landmarks_and_one_order_of_headings(client: TestClient, path: str) -> None:
    text = client.get(path).text
    assert text.count("<h1") == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])", text.partition("<footer")[0])]
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels


def test_what_nobody_has_said_is_said_to_be_missing(client: TestClient) -> None:
    statement = client.get("/tilgaengelighed").text
    assert "Erklæringen er ikke færdig" in statement
    assert "Ikke oplyst." in statement
    assert "et telefonnummer at ringe til" in statement
    for claim in ("overholder standarden fuldt", "overholder standarden delvist"):
        assert claim not in statement
    assert "endnu ikke skrevet grundlaget" in client.get("/privatliv").text
    assert "endnu ikke skrevet sit navn" in client.get("/om").text
    answer = client.get("/was", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (302, "/tilgaengelighed")


def test_what_the_operator_says_stands_there(built: Built) -> None:
    client = archive(built, **SAID)
    statement = client.get("/tilgaengelighed").text
    for said in (
        "Tranevig Kommune forpligter sig",
        "Webstedet overholder standarden delvist",
        "Kommunen har selv undersøgt webstedet.",
        "1. november 2026",
        'href="https://was.example/tranevig"',
        'href="mailto:arkiv@tranevig.example"',
        'href="tel:12345678"',
        "Håndhævelsesprocedure",
        "Digitaliseringsstyrelsen",
        "14 dage",
    ):
        assert said in statement, said
    assert "ikke færdig" not in statement
    privacy = client.get("/privatliv").text
    for said in ("Artikel 6, stk. 1, litra e.", "dpo@tranevig.example", "Torvet 1", "Datatilsynet"):
        assert said in privacy, said
    assert "Arkivet drives af Tranevig Kommune" in client.get("/moeder").text
    assert client.get("/was", follow_redirects=False).headers["location"] == "https://was.example/tranevig"


def test_what_is_set_is_text(built: Built) -> None:
    nasty = "<script>x</script>"
    said = {name: nasty for name, value in SAID.items() if isinstance(value, str)}
    client = archive(
        built, **{**said, "accessibility_status": "full", "accessibility_statement": "javascript:x"}
    )
    for path in PAGES:
        assert nasty not in client.get(path).text
    assert client.get("/was", follow_redirects=False).headers["location"] == "/tilgaengelighed"


def test_the_models_are_the_archives_own(client: TestClient) -> None:
    text = client.get("/om/saadan").text
    assert "<code>base</code>" in text
    assert "egne undertekster" in text
    assert "/srv/" not in text


def test_the_numbers_are_those_that_were_measured(client: TestClient) -> None:
    """Each figure of the page stands in docs/benchmarks.md, as a share."""
    measured = (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    text = client.get("/om/begraensninger").text
    for row in MEASURED:
        assert row.what in text
        for found in re.findall(r"(\d+) af 1\.000 begyndelser", row.result):
            assert f"{int(found) / 1000:.3f}" in measured
        for wrong in re.findall(r"(\d+) af 1\.000 angivne", row.result):
            assert f"{1 - int(wrong) / 1000:.3f}" in measured
        for found in re.findall(r"(\d+) af 300", row.result):
            assert f"{int(found) / 300:.3f}" in measured


def test_meetings_are_chosen_from_without_a_script(client: TestClient) -> None:
    text = client.get("/moeder?municipality=Odense&year=2025").text
    assert "1 af 3 møder" in text
    assert '<option value="Odense" selected>' in text
    assert 'href="/moeder?year=2025"><span class="sr-only">Fjern </span>Odense' in text
    assert 'href="/udvalg.atom?municipality=Odense"' in text
    bodies = re.findall(r"<option[^>]*>([^<]+)", text.partition('name="body"')[2].partition("</select>")[0])
    assert bodies == ["Alle udvalg", "Kulturudvalget"]  # those of the municipality that is chosen
    nothing = client.get("/moeder?year=1999&body=x").text
    assert "Ingen møder passer til valget" in nothing
    assert nothing.count('class="chip"') == 2


def test_an_empty_archive_says_so(tmp_path: Path) -> None:
    from catalogue import Catalogue, MediaStore
    from search import open_engine

    settings = Settings(home=tmp_path)  # type: ignore[call-arg]
    catalogue = Catalogue.open(settings.database)
    app = create_app(settings, catalogue, MediaStore(settings.media_folder), open_engine(settings))
    client = TestClient(app)
    assert "Arkivet er tomt endnu" in client.get("/").text
    assert "Arkivet er tomt endnu" in client.get("/moeder").text
    assert client.get("/om/saadan").status_code == 200
    catalogue.close()


def test_browsers_find_an_icon_and_a_name(client: TestClient) -> None:
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    told = client.get("/manifest.webmanifest").json()
    assert told["name"] == "Talerstolen"
    assert client.get(told["icons"][0]["src"]).status_code == 200
