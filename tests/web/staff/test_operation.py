"""What staff see of the runs: all that there is, to nobody else, and kept by nobody."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from catalogue import (
    Agenda,
    AgendaItem,
    AtWork,
    ItemSpan,
    Meeting,
    Recording,
    RecordingKind,
    RunProgress,
    Segmentation,
    Settings,
    SpanStatus,
    StepResult,
    StepState,
    agenda_key,
)
from tests.web.conftest import HIDDEN, MAIN, NASTY, SECRETS, Built
from web import create_app

PROGRESS = RunProgress(
    3,
    5,
    7200.0,
    14400.0,
    1,
    2,
    12.34,
    1170.0,
    (AtWork(HIDDEN, "transcribe", "transcribing", 0.41, 8.1, 400.0),),
)


def asker(built: Built, address: str = "127.0.0.1", token: str | None = None) -> TestClient:
    settings = Settings(home=built.settings.home, metrics_token=SecretStr(token) if token else None)  # type: ignore[call-arg]
    app = create_app(settings, built.catalogue, built.store, built.app.state.site.engine)
    return TestClient(app, client=(address, 1))


def test_what_runs_now(own: Built) -> None:
    client, runners = asker(own), own.catalogue.runners
    assert "Ingen kørsel er i gang." in client.get("/drift").text
    run = runners.enter(f"maskine{NASTY}", 4711, "/home", "place", "run")
    runners.enter("maskine", 4712, "/home", "other", "index")
    runners.beat(run, PROGRESS)
    page = client.get("/drift").text
    assert page.count('<article class="run">') == 1
    for said in (
        "3 af 8 møder", "2 hos andre maskiner", "41 %", "12,3 × mødets tid", "mindst",
        "Udskrift", HIDDEN,
    ):  # fmt: skip
        assert said in page
    assert NASTY not in page
    english = client.get("/en/drift").text
    assert HIDDEN in english


def test_what_failed_waits_and_needs_a_person(own: Built) -> None:
    catalogue = own.catalogue
    reason = "example.dk: the source does not answer"
    catalogue.record_step(
        StepResult(MAIN, "fetch", StepState.FAILED, "", datetime(2026, 1, 1, tzinfo=UTC), 1.0, reason)
    )
    catalogue.add_meeting(Meeting("ny", "Et nyt møde", None, "Byrådet", "Skagen"))
    page = asker(own).get("/drift").text
    assert reason in page
    assert f"talerstol run {MAIN}" in page
    assert "ikke blev fundet i optagelsen: 7" in page
    assert "2 møder venter på en optagelse" in page
    assert "GB ledig af" in page
    assert "Et nyt møde" not in page
    for secret in SECRETS:
        assert secret not in page.lower()


def test_a_recording_that_was_let_go_of_waits_for_nothing(own: Built) -> None:
    catalogue = own.catalogue
    texts = {r.id: r.transcript or "" for r in catalogue.meeting(MAIN).recordings}
    assert catalogue.retention.retire(
        MAIN, texts, date(2026, 1, 1), "30 days", datetime(2026, 1, 1, tzinfo=UTC)
    )
    for recording in texts:
        catalogue.retention.files_gone(recording)
    page = asker(own).get("/drift").text
    assert "Møde i Aarhus Byråd" in page and "Intet venter på næste kørsel." in page


def test_a_clip_of_a_closed_item_waits_for_nothing(own: Built) -> None:
    one = Recording("lukket-1", 1, RecordingKind.HTTP, "https://x.example/4.mp3", 0.0, item="4")
    agenda = Agenda((AgendaItem("4", "Køb", open=False),))
    meeting = Meeting("lukket", "Møde", date(2026, 1, 1), "Byrådet", "Skagen", (one,), agenda)
    own.catalogue.add_meeting(meeting)
    spans = (ItemSpan(0, SpanStatus.CLOSED),)
    own.catalogue.save_segmentation("lukket", Segmentation(agenda_key(agenda), (), spans))
    assert "Intet venter på næste kørsel." in asker(own).get("/drift").text


def test_a_meeting_is_looked_at_again_when_it_has_changed(own: Built) -> None:
    client = asker(own)
    assert client.get("/drift").text.count("uden-dagsorden") == 0
    own.catalogue.add_meeting(Meeting("uden-dagsorden", "T", None, "Byrådet", "Skagen"))
    assert "2 møder venter på en optagelse" in client.get("/drift").text


def test_the_reports_of_the_nights(own: Built) -> None:
    client, folder = asker(own), own.settings.home / "reports"
    assert "Der er ingen endnu." in client.get("/drift").text
    folder.mkdir()
    (folder / "2026-11-25.txt").write_text("Alt gik godt.", encoding="utf-8")
    (folder / "2026-11-26.html").write_text("<style>p{}</style><p>Ét møde fejlede.", encoding="utf-8")
    (folder / "hemmelig.html").write_text("nej", encoding="utf-8")
    page = client.get("/drift").text
    assert page.index("/drift/rapport/2026-11-26") < page.index("/drift/rapport/2026-11-25")
    assert "hemmelig" not in page
    html, plain = client.get("/drift/rapport/2026-11-26"), client.get("/drift/rapport/2026-11-25")
    assert "Ét møde fejlede." in html.text
    assert html.headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert plain.headers["content-type"] == "text/plain; charset=utf-8"
    for answer in (html, plain):
        assert answer.headers["cache-control"] == "no-store"
        assert "noindex" in answer.headers["x-robots-tag"]
    for nowhere in ("2026-11-24", "hemmelig", "%2e%2e%2ftalerstol", "２０２６-11-26"):
        assert client.get(f"/drift/rapport/{nowhere}").status_code == 404


PATHS = ("/drift", "/en/drift", "/drift/rapport/2026-11-26")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("address", "headers"),
    [("203.0.113.7", {}), ("127.0.0.1", {"x-forwarded-for": "203.0.113.7"}), ("127.0.0.1", {"via": "1.1 x"})],
)
def test_without_a_token_nobody_else_sees_it(
    built: Built, path: str, address: str, headers: dict[str, str]
) -> None:
    assert asker(built, address).get(path, headers=headers).status_code == 404


@pytest.mark.parametrize("path", PATHS[:2])
def test_a_browser_shows_the_token_as_a_password(built: Built, path: str) -> None:
    client = asker(built, "203.0.113.7", token="løsen:1")
    asked = client.get(path)
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"].startswith("Basic realm=")
    assert asked.headers["cache-control"] == "no-store"

    def shown(said: str) -> int:
        basic = base64.b64encode(said.encode()).decode()
        return client.get(path, headers={"authorization": f"Basic {basic}"}).status_code

    assert shown("drift:løsen:1") == 200
    assert shown(":løsen:1") == 200
    assert shown("drift:nej") == shown("løsen:1") == 401
    for nonsense in ("Basic", "Basic ÿ", "Basic !!", "Digest x", "Bearer", "Bearer nej"):
        raw = [(b"authorization", nonsense.encode("latin-1"))]
        assert client.get(path, headers=raw).status_code == 401
    page = client.get(path, headers=[(b"authorization", "Bearer løsen:1".encode())])
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


def test_it_is_in_no_sitemap_and_nothing_leads_to_it(built: Built) -> None:
    client = TestClient(built.app)
    for path in ("/sitemap.xml", "/sitemap-1.xml", "/robots.txt", "/", "/om", "/api"):
        assert "/drift" not in client.get(path).text


def test_the_numbers_for_prometheus(own: Built) -> None:
    client, catalogue = asker(own), own.catalogue
    at = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.record_step(StepResult(MAIN, "media", StepState.DONE, "x", at, 1.0))
    catalogue.record_step(StepResult(HIDDEN, "media", StepState.FAILED, "", at, 1.0, "no"))
    catalogue.runners.enter("a", 1, "/a", "a", "run")
    text = client.get("/metrics").text
    assert 'talerstolen_steps{state="done",step="media"} 1.0' in text
    assert 'talerstolen_steps{state="failed",step="media"} 1.0' in text
    assert "talerstolen_runners 1.0" in text
    assert "talerstolen_page_makers 0.0" in text
    assert "talerstolen_recorded_seconds_heard 24.0" in text
    assert "talerstolen_index_waiting" in text
