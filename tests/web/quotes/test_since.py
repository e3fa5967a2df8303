"""What an old link shows when the meeting was heard anew, corrected, or withheld since."""

from __future__ import annotations

from starlette.testclient import TestClient

from catalogue import EditKind, Segment
from tests.web.conftest import MAIN, WORDS, Built, edit
from tests.web.quotes.conftest import TIMED, heard_anew, replaced, sentence, speech
from tests.web.quotes.test_quote_page import words

PAGE = f"/moeder/{TIMED}/citat"
CHANGED = "Siden linket blev lavet, er teksten ændret"


def link(reader: TestClient, between: str = "fra=110&til=115.6") -> str:
    return str(reader.get(f"{PAGE}?{between}").headers["location"])


def test_a_new_transcription_shows_what_changed(timed: Built, reader: TestClient) -> None:
    old = link(reader)
    assert CHANGED not in reader.get(old).text
    heard_anew(timed, replaced("smal", "skrap"))
    page = reader.get(old).text
    assert CHANGED in page
    assert "alt for skrap" in words(page)
    assert ">stod før: </span>smal," in page
    assert ">står nu: </span>skrap," in page
    assert link(reader) in page.replace("&amp;", "&")
    assert CHANGED not in reader.get(link(reader)).text


def test_the_same_words_heard_anew_are_said_to_be_the_same(timed: Built, reader: TestClient) -> None:
    old = link(reader)
    heard_anew(timed, replaced("gæstekøkkenet", "skolekøkkenet"))
    page = reader.get(old).text
    assert "Ordene her er de samme" in page
    assert "<del>" not in page


def test_a_version_that_is_not_known_is_said(timed: Built, reader: TestClient) -> None:
    for version in ("ffffffff", "x", "ffffffff-ffffffff", "<script>"):
        page = reader.get(f"{PAGE}?fra=110&til=115.6&v={version}").text
        assert "Linkets udgave kendes ikke" in page
        assert "alt for smal" in words(page)
        assert "<script>" not in page.replace('<script type="module"', "")


def test_a_correction_is_said_without_the_words_that_went(timed: Built, reader: TestClient) -> None:
    heard_anew(timed, replaced("smal", "forkerthoert"))
    old = link(reader)
    timed.catalogue.add_edit(TIMED, edit(EditKind.CORRECTION, 110.0, 115.0, "Stien er for smal."))
    page = reader.get(old).text
    assert CHANGED in page
    assert "En person har rettet i den" in page
    assert words(page) == "Anna Friis (A): »Stien er for smal.«"
    assert "forkerthoert" not in page


def test_no_version_brings_back_what_was_corrected_away(timed: Built, reader: TestClient) -> None:
    """The earlier text has the word a little beside the time that was corrected."""
    heard_anew(
        timed,
        tuple(
            sentence(s.start + 8.0, "Det forkerthoert ord.", s.speaker) if s.start == 110.0 else s
            for s in speech()
        ),
    )
    old = link(reader, "fra=117&til=122")
    assert "forkerthoert" in reader.get(old).text
    heard_anew(timed, speech())
    timed.catalogue.add_edit(TIMED, edit(EditKind.CORRECTION, 110.0, 115.0, "Stien er for smal."))
    page = reader.get(old).text
    assert CHANGED in page
    assert "De tidligere ord vises ikke" in page
    assert "forkerthoert" not in page


def test_what_is_redacted_after_the_link_was_made_is_gone_from_every_output(
    timed: Built, reader: TestClient
) -> None:
    secret = "cprnummer"
    heard_anew(timed, replaced("smal", secret))
    old, picture = link(reader), f"{PAGE}.png?fra=110&til=115.6"
    api = f"/api/v1/meetings/{TIMED}/quote?from=110&to=115.6"
    marked = f"/api/v1/meetings/{TIMED}/quote?from=110&to=110&text=alt+for+{secret}"
    form = f"/moeder/{TIMED}/fejl?t=111"
    for path in (old, api, marked, form, f"/moeder/{TIMED}?t=111"):
        assert secret in reader.get(path).text
    kept = reader.get(picture)
    assert kept.status_code == 200
    timed.catalogue.add_edit(TIMED, edit(EditKind.REDACTION, 110.0, 116.0))
    tags = {"if-none-match": kept.headers["etag"]}
    assert reader.get(picture, headers=tags).status_code == 410
    assert reader.get(old).status_code == 410
    assert reader.get(marked).status_code == 422
    heard_anew(timed, speech())  # and the word is in the earlier text only
    for path in (
        old,
        api,
        marked,
        form,
        f"/moeder/{TIMED}?t=111",
        link(reader, "fra=100&til=125"),
        f"{PAGE}.png?fra=100&til=125",
    ):
        answer = reader.get(path)
        assert answer.status_code in (200, 410, 422)
        assert secret not in answer.content.decode("utf-8", "replace")
    # Beside the redaction no earlier words are shown either.
    version = old.rpartition("v=")[2]
    page = reader.get(f"{PAGE}?fra=120&til=124&v={version}").text
    assert "De tidligere ord vises ikke" in page
    assert "<del>" not in page


def test_the_etag_follows_the_meeting(timed: Built, reader: TestClient) -> None:
    address = link(reader)
    tag = reader.get(address).headers["etag"]
    assert reader.get(address, headers={"if-none-match": tag}).status_code == 304
    timed.catalogue.add_edit(TIMED, edit(EditKind.CORRECTION, 110.0, 115.0, "Stien er for smal."))
    assert reader.get(address, headers={"if-none-match": tag}).status_code == 200


def test_earlier_words_of_a_closed_item_are_in_no_version(timed: Built, reader: TestClient) -> None:
    """A transcript in which the secret stands at another time, named by a link to the open part."""
    closed = (Segment(7.0, 7.9, "Havnen har en hemmelighed.", "Bo"),)
    transcript_id = timed.catalogue.meeting(MAIN).recordings[0].transcript
    from catalogue import make_transcript

    other = make_transcript(f"{MAIN}-1", "da", closed, WORDS)
    timed.catalogue.save_transcript(f"{MAIN}-1", other)
    assert transcript_id != other.id
    page = reader.get(f"/moeder/{MAIN}/citat?fra=7&til=8&v={other.id[:8]}").text
    assert "hemmelighed" not in page
    assert "Havnen skal have flere bænke." in page
