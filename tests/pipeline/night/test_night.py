"""A night from its beginning to the report, whatever happens in between."""

from __future__ import annotations

import email
import email.policy
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from catalogue import Meeting, Recording, RecordingKind, Settings, TalerstolError
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.night import NightAtWork, NightReport, as_json, hold_night, one_night
from pipeline.night import night as conductor
from pipeline.night.report import NoteKind, State
from pipeline.night.told import FIRST, Told, last_told
from pipeline.night.written import drop_old, write_report
from pipeline.runs.locks import alone
from pipeline.runs.runner import Run
from pipeline.runs.steps import STEPS
from pipeline.terminal.reporter import Silent
from tests.pipeline.conftest import Material, Talerstol
from tests.pipeline.night.mail_server import Mailbox, mail_server
from tests.pipeline.night.test_danish import QUIET

SECRET_TITLE = "Køb af Granvænget 7"
SECRET_WORDS = "koster fire millioner"
EVENING = datetime(2026, 3, 10, 20, tzinfo=UTC)
MORNING = date(2026, 3, 11)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    with open_archive(settings) as opened:
        opened.now = lambda: EVENING
        yield opened


def night(archive: Archive, hours: float = 9.0, mail: bool = True) -> NightReport:
    return hold_night(archive, Silent(), archive.now() + timedelta(hours=hours), mail)


def files(archive: Archive) -> str:
    folder = archive.settings.reports_folder
    assert sorted(f.name for f in folder.iterdir()) == [
        f"{MORNING}.{kind}" for kind in ("html", "json", "txt")
    ]
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(folder.iterdir()))


def add(archive: Archive, material: Material, day: str = "2026-03-04") -> str:
    captions = Registration(("-",), str(material.agenda(day)), (str(material.captions),))
    return add_meeting(archive, captions).meeting_id


def lost_recording(archive: Archive, material: Material, day: str = "2026-03-05") -> str:
    """A meeting whose recording is not there any more."""
    file = Path(shutil.copy(material.sound, archive.settings.home / "lost.mp3"))
    meeting = add_meeting(archive, Registration((str(file),), str(material.agenda(day)))).meeting_id
    file.unlink()
    return meeting


def test_what_was_done_is_told_and_nothing_that_is_withheld(archive: Archive, material: Material) -> None:
    meeting = add(archive, material)
    lost = add_meeting(
        archive, Registration((str(material.sound),), str(material.agenda("2026-03-05")))
    ).meeting_id
    recording = archive.catalogue.meeting(lost).recordings[0]
    Path(recording.source).rename(material.folder / f"{SECRET_TITLE}.mp3")
    try:
        report = night(archive)
    finally:
        (material.folder / f"{SECRET_TITLE}.mp3").rename(recording.source)
    assert ([one.meeting_id for one in report.done], report.state) == ([meeting], State.ENDED)
    assert [(p.subject, p.step, p.then) for p in report.failed] == [(lost, "fetch", f"talerstol run {lost}")]
    assert report.exit_code == 1
    told = files(archive)
    assert "Filen ligger der ikke mere." in told
    for secret in (SECRET_TITLE, SECRET_WORDS, "Granvænget", "Cykelstien skal bygges"):
        assert secret not in told


def bring_up_to_date(archive: Archive) -> None:
    """As `talerstol run` does, by day or on another machine."""
    assert Run(archive, Silent()).bring_up_to_date(archive.catalogue.meeting_ids()).failed == ()


def done(report: NightReport) -> list[str]:
    return [one.meeting_id for one in report.done]


def without_agenda(archive: Archive, material: Material) -> str:
    asked = Registration(
        ("-",), transcripts=(str(material.captions),), title="Møde", date=date(2026, 3, 3), body="Byrådet"
    )
    return add_meeting(archive, asked).meeting_id


def test_what_a_run_by_day_brought_up_to_date_comes_up_for_review_once(
    archive: Archive, material: Material
) -> None:
    meeting = without_agenda(archive, material)
    bring_up_to_date(archive)
    archive.now = lambda: EVENING + timedelta(hours=1)
    report = night(archive)
    assert done(report) == [meeting]
    assert [(one.meeting_id, [n.kind for n in one.notes]) for one in report.review] == [
        (meeting, [NoteKind.NO_AGENDA])
    ]
    assert "Alt er færdigt" not in files(archive)
    archive.now = lambda: EVENING + timedelta(days=1)
    later = night(archive)
    assert (later.done, later.review) == ((), ())


def test_a_night_again_on_the_same_morning_tells_all_of_it(archive: Archive, material: Material) -> None:
    first = add(archive, material)
    assert done(night(archive)) == [first]
    archive.now = lambda: EVENING + timedelta(hours=3)
    second = without_agenda(archive, material)
    assert done(night(archive)) == [first, second]  # it takes the place of that report


def test_what_a_night_did_before_the_power_went_is_told_by_the_next(
    archive: Archive, material: Material
) -> None:
    first = add(archive, material)
    evening_before = night(archive)
    archive.now = lambda: EVENING + timedelta(days=1)
    second = without_agenda(archive, material)
    begun = replace(QUIET, morning=MORNING + timedelta(days=1), state=State.BEGUN)
    write_report(archive.settings.reports_folder, begun)
    bring_up_to_date(archive)  # and then it was cut off
    archive.now = lambda: EVENING + timedelta(days=1, hours=7)
    restarted = night(archive, hours=2)
    assert restarted.morning == begun.morning
    assert (done(evening_before), done(restarted)) == ([first], [second])
    write_report(archive.settings.reports_folder, begun)  # the next morning nobody has started it again
    archive.now = lambda: EVENING + timedelta(days=2)
    assert done(night(archive)) == [second]


def test_what_was_left_over_is_told_when_it_is_done_whatever_was_left_of_it(
    archive: Archive, material: Material
) -> None:
    meeting = add(archive, material)
    Run(archive, Silent(), STEPS[:-1]).bring_up_to_date([meeting])  # it has not reached the index
    archive.now = lambda: EVENING + timedelta(hours=1)
    report = night(archive, hours=-0.5)
    assert (done(report), [one.meeting_id for one in report.going_on]) == ([], [meeting])
    archive.now = lambda: EVENING + timedelta(days=1)
    assert done(night(archive)) == [meeting]


def test_an_agenda_alone_is_not_a_meeting_that_is_done(archive: Archive) -> None:
    archive.catalogue.add_meeting(Meeting("m", "Møde", date(2026, 3, 4), "Byrådet", "Tranevig"), [])
    assert done(night(archive)) == []


def test_clocks_that_differ_lose_no_meeting_and_tell_none_twice() -> None:
    told = Told(EVENING, frozenset({"told"}))
    just_before, long_before = EVENING - timedelta(minutes=5), EVENING - timedelta(hours=1)
    assert told.since("landed late", just_before) and not told.since("landed late", long_before)
    assert not told.since("told", just_before) and told.since("told", EVENING + timedelta(seconds=1))


@pytest.mark.parametrize(
    "damage", ["{", "[]", '{"told": null}', '{"told": "i går"}', '{"told": "2026-03-10"}']
)
def test_a_report_that_cannot_be_read_tells_nothing(settings: Settings, damage: str) -> None:
    folder = settings.reports_folder
    write_report(folder, replace(QUIET, told=QUIET.ended))
    later = folder / f"{MORNING + timedelta(days=1)}.json"
    later.write_text(damage, encoding="utf-8")
    assert last_told(folder, MORNING + timedelta(days=2), EVENING).until == QUIET.ended
    assert last_told(folder, MORNING, EVENING).until == EVENING - FIRST


def test_a_folder_of_reports_that_cannot_be_read_tells_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_report(settings.reports_folder, replace(QUIET, told=QUIET.ended))

    def locked(folder: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(Path, "iterdir", locked)  # who runs the tests may read everything
    later = MORNING + timedelta(days=1)
    assert last_told(settings.reports_folder, later, EVENING).until == EVENING - FIRST


def test_messages_from_anywhere_are_made_discreet(
    archive: Archive, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(archive, material)

    def broken(*_: object) -> str:
        raise TalerstolError(f"no »{SECRET_TITLE}«", where="https://a:b@c.dk/x?token=nøgle")

    monkeypatch.setattr("pipeline.night.work.export_after_run", broken)
    monkeypatch.setattr("pipeline.night.work.retire", lambda *_: 1 / 0)
    report = night(archive)
    assert [p.step for p in report.failed] == ["retention", "export"]
    assert "Lukket punkt" in report.failed[1].message
    told = files(archive)
    assert not any(secret in told for secret in (SECRET_TITLE, "nøgle", "a:b", "division by zero"))


def test_there_is_a_report_also_where_it_breaks_in_the_middle(
    archive: Archive, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: object, **__: object) -> None:
        begun = json.loads((archive.settings.reports_folder / f"{MORNING}.json").read_text())
        assert begun["state"] == "begun"  # what lies there if the power goes now
        raise KeyboardInterrupt

    monkeypatch.setattr("pipeline.night.work.Run.bring_up_to_date", stop)
    with pytest.raises(KeyboardInterrupt):
        night(archive)
    told = files(archive)
    assert "Natten standsede før tid" in told


def test_there_is_a_report_also_where_the_report_breaks(
    archive: Archive, material: Material, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = add(archive, material)
    lost = lost_recording(archive, material)
    monkeypatch.setattr(conductor, "gather", lambda *_: 1 / 0)
    report = night(archive)
    assert (report.exit_code, report.meetings) == (1, None)
    told = " ".join(files(archive).split())
    assert "Rapporten kunne ikke samles helt." in told
    assert f"> talerstol run {lost}" in told and "1 møde blev færdigt og 1 møde fejlede." in told
    assert meeting in told and "offentligt" not in told  # which it is: but nobody could look
    assert "Ingen møder" not in told and "intet nyt" not in told


def test_a_run_that_is_at_work_is_told(archive: Archive, material: Material) -> None:
    add(archive, material)
    with alone(archive):
        report = night(archive)
    assert [p.step for p in report.failed] == ["run"]
    assert "En anden kørsel var i gang." in files(archive)


def test_one_night_at_a_time(settings: Settings) -> None:
    with one_night(settings.home), pytest.raises(NightAtWork), one_night(settings.home):
        pass


def test_the_deadline_leaves_the_rest_for_the_next_night(archive: Archive, material: Material) -> None:
    meeting = add(archive, material)
    report = night(archive, hours=-1.0)
    assert [one.meeting_id for one in report.going_on] == [meeting]
    assert (report.done, report.exit_code) == ((), 3)
    assert night(archive).exit_code == 0
    assert night(archive, hours=-1.0).exit_code == 0  # nothing was left to do


def mailed_to(archive: Archive, box: Mailbox) -> None:
    told = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none"}
    addresses = {"mail_from": "arkiv@tranevig.dk", "mail_to": "anne@tranevig.dk"}
    archive.settings = archive.settings.model_copy(update=told | addresses)


def test_a_backlog_is_no_heap_of_things_to_do(archive: Archive) -> None:
    for n in range(40):
        day = date(2025, 1, 1) + timedelta(days=7 * n)
        source = Recording(f"old{n}-1", 1, RecordingKind.HTTP, "https://optag.example.dk/m.mp4", 0.0)
        archive.catalogue.add_meeting(
            Meeting(f"old{n}", "Møde", day, "Byrådet", "Tranevig", recordings=(source,))
        )
    report = night(archive, hours=-1.0)
    assert (len(report.going_on), len(report.deadlines), report.exit_code) == (40, 40, 3)
    text = (archive.settings.reports_folder / f"{report.morning}.txt").read_text(encoding="utf-8")
    assert "Intet kræver dig; resten fortsætter næste nat" in text and len(text.splitlines()) < 80


def test_a_recording_that_its_source_deleted_long_ago_is_asked_about_once(
    archive: Archive, material: Material
) -> None:
    rules = "[default]\nsource_days = 13\ncaptions_days = 300\n"
    (archive.settings.home / "retention.toml").write_text(rules, encoding="utf-8")
    lately = lost_recording(archive, material, "2026-02-20")
    long_ago = lost_recording(archive, material, "2026-01-05")
    first = night(archive)
    assert {p.subject for p in first.failed} == {lately, long_ago} and first.gone == ()
    archive.now = lambda: EVENING + timedelta(days=1)
    second = night(archive)
    assert ([p.subject for p in second.failed], second.exit_code) == ([lately], 1)
    assert second.gone == ("Byrådet (Tranevig), 5. januar 2026",)
    assert [one.meeting_id for one in second.deadlines] == [lately]
    text = " ".join((archive.settings.reports_folder / "2026-03-12.txt").read_text(encoding="utf-8").split())
    assert "1 ting kræver dig" in text and "1 optagelse er væk hos kilden og blev aldrig hentet" in text
    assert "Fristen er overskredet: optagelsen skulle være hentet senest 5. marts 2026." in text
    archive.now = lambda: EVENING + timedelta(days=20)
    last = night(archive)
    assert (last.failed, len(last.gone), last.exit_code) == ((), 2, 0)


def test_a_mail_that_fails_is_a_line_in_the_report(archive: Archive) -> None:
    with mail_server() as box:
        mailed_to(archive, box)
        assert night(archive).exit_code == 0
        assert len(box.messages) == 1
        assert night(archive, mail=False).exit_code == 0
        assert len(box.messages) == 1
        box.answers = 552
        report = night(archive)
    assert (report.exit_code, [p.then for p in report.failed]) == (1, [""])  # no command mends the settings
    told = " ".join(files(archive).split())
    assert "Rapporten kunne ikke sendes med mail. Mailserveren afviste mailen." in told
    assert "TALERSTOL_SMTP_…" in told and "> talerstol night" not in told


def test_where_the_report_cannot_be_written_the_night_is_done_and_mailed(
    archive: Archive, material: Material
) -> None:
    meeting = add(archive, material)
    archive.settings.reports_folder.write_text("no folder")
    with mail_server() as box:
        mailed_to(archive, box)
        report = night(archive)
        (message,) = (email.message_from_bytes(one, policy=email.policy.default) for one in box.messages)
    assert [one.meeting_id for one in report.done] == [meeting]
    assert (report.exit_code, [p.step for p in report.failed]) == (1, ["report_file"])
    text = message.get_body(("plain",))
    assert text is not None and "Rapporten kunne ikke skrives" in text.get_content()
    assert "1 ting kræver dig" in message["Subject"]


def test_the_command_says_that_the_report_is_not_there(talerstol: Talerstol) -> None:
    talerstol.home.mkdir()
    (talerstol.home / "reports").write_text("no folder")
    said = talerstol("night")
    assert said.code == 1 and "the night's report cannot be written" in said.out
    assert "The report: " not in said.out


def test_old_reports_go_and_what_is_not_ours_stays(settings: Settings) -> None:
    folder = settings.reports_folder
    write_report(folder, QUIET)
    for name in ("2025-01-01.txt", "2025-01-01.pdf", "noter.txt", "2025-02-31.txt", "2026-02-11.html"):
        (folder / name).write_text("x")
    drop_old(folder, QUIET.morning, days=30)
    left = {file.name for file in folder.iterdir()}
    assert "2025-01-01.txt" not in left
    assert {"2025-01-01.pdf", "noter.txt", "2025-02-31.txt", "2026-02-11.html", "2026-03-11.txt"} <= left


def test_the_command(talerstol: Talerstol, material: Material) -> None:
    talerstol(
        "add", "-", "--transcript", str(material.captions), "--agenda", str(material.agenda("2026-03-04"))
    )
    planned = talerstol("night", "--dry-run")
    assert planned.code == 0 and "unknown: it has heard nothing here yet" in planned.out
    assert not (talerstol.home / "reports").exists()
    said = talerstol("night", "--json")
    report = json.loads(said.out)
    assert (said.code, report["exit_code"], report["state"]) == (0, 0, "ended")
    assert len(report["done"]) == 1
    assert as_json(QUIET).keys() == report.keys()
    with one_night(talerstol.home):
        second = talerstol("night")
    assert second.code == 1 and "another night is at work" in second.err
    assert talerstol("night", "--until", "klokken 6").code == 2


def test_a_night_that_cannot_begin_says_so(talerstol: Talerstol) -> None:
    talerstol.home.mkdir()
    (talerstol.home / "catalogue.sqlite").write_bytes(b"this is no database" * 100)
    assert talerstol("night").code == 1
    (text,) = (talerstol.home / "reports").glob("*.txt")
    assert "kom ikke i gang" in text.read_text(encoding="utf-8")
    (talerstol.home / "talerstol.toml").write_text("beam_size = 0")
    text.unlink()
    assert talerstol("night").code == 2
    assert "beam_size" in text.read_text(encoding="utf-8").casefold()
