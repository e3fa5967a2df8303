"""Recordings go when their time is over, with all their files, and never before their text is safe."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from catalogue import (
    Edit,
    EditKind,
    Hold,
    MediaStore,
    Meeting,
    Provenance,
    Segment,
    Settings,
    StepResult,
    StepState,
    TranscriptOrigin,
    make_transcript,
    published_meeting,
)
from pipeline.add import Registration, add_meeting
from pipeline.archive import Archive, open_archive
from pipeline.backups.backup import make_backup
from pipeline.backups.restoring import restore
from pipeline.health import check_archive
from pipeline.retention import (
    RETENTION,
    Deadline,
    DeadlineKind,
    NotSafe,
    Retirement,
    Unsafe,
    deadlines,
    retire,
)
from pipeline.runs.due import due_steps
from pipeline.runs.runner import Run
from pipeline.runs.steps import AUDIO, SEGMENT, STEPS, TRANSCRIBE, Step
from pipeline.status import State, meeting_status
from pipeline.terminal.reporter import Silent, Work
from search import SearchRequest
from tests.pipeline.conftest import ROOT, Material
from web import create_app

DAY = date(2025, 9, 24)
MEETING = "tranevig-byraadet-2025-09-24"
DUE = DAY + timedelta(days=30)
RULES = "[default]\nvideo_days = 30\nsource_days = 13\n"


class Told(Silent):
    """What was said while it went on."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)

    def failed(self, meeting_id: str, step: Work, message: str) -> None:
        self.notes.append(f"{meeting_id}: {message}")


@pytest.fixture(scope="module")
def whole(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of one meeting that is done: video, sound, captions, three items of which the last is closed."""
    home = tmp_path_factory.mktemp("whole") / "home"
    with opened(home) as archive:
        add(archive, material)
        outcome = Run(archive, Silent()).bring_up_to_date([MEETING])
        assert not outcome.failed, outcome
    return home


def add(archive: Archive, material: Material, captions: bool = True) -> None:
    texts = (str(material.captions),) if captions else ()
    asked = Registration(
        (str(material.video),), agenda=str(material.agenda(DAY.isoformat())), transcripts=texts
    )
    assert add_meeting(archive, asked).meeting_id == MEETING


@contextmanager
def opened(home: Path, **changed: object) -> Iterator[Archive]:
    settings = Settings(home=home, allow_private_addresses=True)  # type: ignore[call-arg]
    with open_archive(settings.model_copy(update=changed)) as archive:
        yield archive


@pytest.fixture
def home(whole: Path, tmp_path: Path) -> Path:
    shutil.copytree(whole, tmp_path / "home")
    (tmp_path / "home" / RETENTION).write_text(RULES, encoding="utf-8")
    return tmp_path / "home"


@pytest.fixture
def archive(home: Path) -> Iterator[Archive]:
    with opened(home) as found:
        yield found


def media(archive: Archive) -> list[str]:
    folder = archive.settings.media_folder
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_on_its_day_a_recording_goes_with_every_file_and_its_text_stays(archive: Archive) -> None:
    before = published_meeting(archive.catalogue, MEETING)
    assert before is not None and len(media(archive)) == 4
    clips = archive.settings.clips_folder / f"m-{MEETING}"
    clips.mkdir(parents=True)
    (clips / "1-0-2-lyd.m4a").write_bytes(b"x")

    assert retire(archive, Silent(), DUE - timedelta(days=1)) == Retirement()
    (gone,) = retire(archive, Silent(), DUE).gone
    assert (gone.meeting_id, gone.recordings, gone.text_kept) == (MEETING, 1, True) and gone.bytes > 10_000
    assert media(archive) == [] and not clips.exists()
    after = published_meeting(archive.catalogue, MEETING)
    assert after is not None
    assert (after.sentences, after.items, after.withheld) == (before.sentences, before.items, before.withheld)
    (recording,) = after.recordings
    assert (recording.playable, recording.awaited, after.retired) == (None, False, DUE)

    assert retire(archive, Silent(), DUE + timedelta(days=400)) == Retirement()
    assert meeting_status(archive, MEETING).retention == (
        f"recording 1 was removed on {DUE}: 30 days after the meeting, as retention.toml says; its text stays",
    )
    assert archive.engine.search(SearchRequest(q="cykelsti")).total > 0


def test_no_step_brings_it_back_or_fails_and_people_still_mend_the_text(home: Path) -> None:
    with opened(home) as archive:
        retire(archive, Silent(), DUE)
        assert [d.step for d in due_steps(archive, [MEETING])] in ([], ["index"])
        assert Run(archive, Silent()).bring_up_to_date([MEETING]).failed == ()
        assert due_steps(archive, [MEETING]) == []
        assert meeting_status(archive, MEETING).state is State.DONE
        assert all(
            finding.ok for finding in check_archive(archive) if finding.subject in ("media", "retention")
        )
    with opened(home, model="another", beam_size=3) as archive:
        said = [
            Edit(EditKind.REDACTION, "Anna", "private", datetime.now(UTC), 4.0, 6.0),
            Edit(EditKind.BOUNDARY, "Anna", "heard", datetime.now(UTC), 3.0, item="2"),
        ]
        archive.catalogue.add_edit(MEETING, *said)
        meeting = archive.catalogue.meeting(MEETING)
        renamed = replace(meeting.agenda.items[0], title="Godkendelse af dagsordenen")
        items = (renamed, *meeting.agenda.items[1:])
        archive.catalogue.replace_agenda(MEETING, replace(meeting.agenda, items=items))
        outcome = Run(archive, Silent()).bring_up_to_date([MEETING])
        assert outcome.failed == () and (MEETING, "segment") in outcome.done
        assert media(archive) == []
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.items[1].start == 3.0
        assert not any("cykle til folkeskolen" in s.text for s in public.sentences)


def test_what_a_person_keeps_stays_until_it_is_taken_back(archive: Archive) -> None:
    archive.catalogue.retention.hold(Hold(MEETING, "Anna", "complaint 26/118", archive.now()))
    assert retire(archive, Silent(), DUE) == Retirement() and len(media(archive)) == 4
    assert not any(d.kind is DeadlineKind.VIDEO for d in deadlines(archive, DUE))
    assert archive.catalogue.retention.release(MEETING, archive.now()) == 1
    assert len(retire(archive, Silent(), DUE).gone) == 1


def test_nothing_goes_whose_text_is_not_placed_in_its_agenda_as_it_is_now(archive: Archive) -> None:
    agenda = archive.catalogue.meeting(MEETING).agenda
    archive.catalogue.replace_agenda(MEETING, replace(agenda, items=agenda.items[:2]))
    told = Told()
    (stays,) = retire(archive, told, DUE).staying
    assert (stays.meeting_id, stays.why) == (MEETING, NotSafe(Unsafe.NOT_PLACED))
    assert len(media(archive)) == 4
    assert "its items are not placed yet" in told.notes[0]
    Run(archive, Silent()).bring_up_to_date([MEETING])
    assert len(retire(archive, told, DUE).gone) == 1


def test_nothing_goes_that_has_no_text(settings: Settings, material: Material) -> None:
    settings.home.mkdir()
    (settings.home / RETENTION).write_text(RULES, encoding="utf-8")
    with open_archive(settings) as archive:
        add(archive, material, captions=False)
        Run(archive, Silent(), steps_of("fetch", "audio")).bring_up_to_date([MEETING])
        kept = media(archive)
        assert len(kept) == 2 and retire(archive, Silent(), DUE).gone == () and media(archive) == kept


def steps_of(*names: str) -> tuple[Step, ...]:
    return tuple(step for step in STEPS if step.name in names)


@pytest.mark.parametrize("files", [0, 1, 3])
def test_killed_in_the_middle_it_goes_on_and_nothing_gone_is_shown(home: Path, files: int) -> None:
    script = (
        "import os, signal, sys\n"
        "from datetime import date\nfrom pathlib import Path\n"
        "from catalogue import MediaStore, Settings\n"
        "from pipeline.archive import open_archive\nfrom pipeline.terminal.reporter import Silent\n"
        "from pipeline.retention import retire\n"
        "left, delete = [int(sys.argv[2])], MediaStore.delete\n"
        "def dying(self, name):\n"
        "    if not left[0]:\n        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    left[0] -= 1\n    delete(self, name)\n"
        "MediaStore.delete = dying\n"
        "with open_archive(Settings(home=Path(sys.argv[1]))) as archive:\n"
        "    retire(archive, Silent(), date.fromisoformat(sys.argv[3]))\n"
    )
    command = [sys.executable, "-c", script, str(home), str(files), DUE.isoformat()]
    died = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, timeout=120, check=False
    )
    assert died.returncode == -signal.SIGKILL
    with opened(home) as archive:
        assert len(media(archive)) == 4 - files
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences and public.retired == DUE
        assert Run(archive, Silent()).bring_up_to_date([MEETING]).failed == ()
        assert len(media(archive)) == 4 - files  # no step makes them again
        (gone,) = retire(archive, Silent(), DUE).gone
        assert gone.meeting_id == MEETING and media(archive) == []
        assert retire(archive, Silent(), DUE) == Retirement()


def test_a_file_that_resists_is_told_and_goes_another_night(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = archive.catalogue.meeting(MEETING).recordings[0].original
    delete = MediaStore.delete

    def resisting(store: MediaStore, name: str) -> None:
        if name == original:
            raise PermissionError(13, "Permission denied")
        delete(store, name)

    with monkeypatch.context() as resists:
        resists.setattr(MediaStore, "delete", resisting)
        came = retire(archive, Silent(), DUE)
    (failed,) = came.failed
    assert (came.gone, failed.meeting_id) == ((), MEETING)
    assert f"{original}: cannot be deleted (Permission denied)" in failed.message
    assert media(archive) == [original]  # what can go has gone
    public = published_meeting(archive.catalogue, MEETING)
    assert public is not None and (public.retired, public.recordings[0].playable) == (DUE, None)
    assert "some of its files are still on the disk" in meeting_status(archive, MEETING).retention[0]
    (finding,) = (one for one in check_archive(archive) if one.subject == "retention")
    assert not finding.ok and MEETING in finding.text
    came = retire(archive, Silent(), DUE + timedelta(days=1))
    assert [one.meeting_id for one in came.gone] == [MEETING] and media(archive) == []
    assert "still on the disk" not in meeting_status(archive, MEETING).retention[0]


def test_what_a_killed_run_left_goes_with_it(archive: Archive) -> None:
    """A playable file from before a redaction, that no row names any more."""
    left = f"{MEETING}/1-play-0badcafe.m4a"
    archive.store.path(left).write_bytes(b"what was redacted since")
    assert [one.meeting_id for one in retire(archive, Silent(), DUE).gone] == [MEETING]
    assert media(archive) == []


def test_what_another_runner_has_is_left_to_it(archive: Archive) -> None:
    runners = archive.catalogue.runners
    other = runners.enter("another-machine", 7, "/elsewhere", "another place", "run")
    assert runners.take(other.id, MEETING)
    assert retire(archive, Silent(), DUE) == Retirement() and len(media(archive)) == 4
    runners.leave(other.id)
    assert len(retire(archive, Silent(), DUE).gone) == 1


def test_text_goes_with_the_video_where_the_rule_says_so_and_comes_back_with_the_rule(home: Path) -> None:
    (home / RETENTION).write_text(RULES + "keep_text = false\n", encoding="utf-8")
    with opened(home) as archive:
        kept = archive.catalogue.meeting(MEETING).recordings[0].transcript
        assert kept is not None
        (gone,) = retire(archive, Silent(), DUE).gone
        assert not gone.text_kept
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences == () and public.text_retired
        assert [item.title for item in public.items][:1] == ["Godkendelse af dagsorden"]
        assert all(item.evidence is None for item in public.items)
        Run(archive, Silent()).bring_up_to_date([MEETING])
        assert archive.engine.search(SearchRequest(q="cykelsti")).total == 0
        assert archive.catalogue.transcript(kept).segments  # immutable, and still there
    (home / RETENTION).write_text(RULES, encoding="utf-8")
    with opened(home) as archive:
        Run(archive, Silent()).bring_up_to_date([MEETING])
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences
        assert archive.engine.search(SearchRequest(q="cykelsti")).total > 0


def test_a_machine_without_the_rules_opens_nothing_that_they_withheld(home: Path) -> None:
    (home / RETENTION).write_text(RULES + 'keep_text = false\npublish = "with captions"\n', encoding="utf-8")
    with opened(home) as archive:
        retire(archive, Silent(), DUE)
        Run(archive, Silent()).bring_up_to_date([MEETING])
    (home / RETENTION).unlink()  # as on a second machine with a data folder of its own
    with opened(home) as archive, capture_logs() as logged:
        assert Run(archive, Silent()).bring_up_to_date([MEETING]).failed == ()
        retire(archive, Silent(), DUE)
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences == () and public.text_retired
        assert archive.catalogue.meeting(MEETING).captions_first
        assert archive.engine.search(SearchRequest(q="cykelsti")).total == 0
        (told,) = (entry for entry in logged if "stays so" in entry["event"])
        assert (told["log_level"], told["meetings"], told["first"]) == ("warning", 1, MEETING)
        (finding,) = (one for one in check_archive(archive) if one.subject == "retention")
        assert not finding.ok and "Copy retention.toml" in finding.remedy
    (home / RETENTION).write_text(
        "", encoding="utf-8"
    )  # a file that is there takes back what it no longer says
    with opened(home) as archive:
        Run(archive, Silent()).bring_up_to_date([MEETING])
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences
        assert not archive.catalogue.meeting(MEETING).captions_first


def test_a_backup_carries_what_is_gone_and_why(archive: Archive, tmp_path: Path) -> None:
    retire(archive, Silent(), DUE)
    archive.catalogue.retention.hold(Hold(MEETING, "Anna", "complaint", archive.now()))
    made = make_backup(archive, tmp_path / "kept", lambda done, total: None)
    fresh = Settings(home=tmp_path / "fresh")  # type: ignore[call-arg]
    restore(made.folder, fresh)
    with open_archive(fresh) as restored:
        assert restored.catalogue.meeting(MEETING) == archive.catalogue.meeting(MEETING)
        assert restored.catalogue.retention.holds() == archive.catalogue.retention.holds()
        assert (fresh.home / RETENTION).read_text(encoding="utf-8") == RULES
        assert Run(restored, Silent()).bring_up_to_date([MEETING]).failed == ()


def test_what_is_due_is_told_soonest_first(archive: Archive, material: Material) -> None:
    video = Deadline(MEETING, DeadlineKind.VIDEO, DUE)
    assert deadlines(archive, DAY) == (video,)
    meeting = archive.catalogue.meeting(MEETING)
    later = replace(meeting, id="later", date=DAY + timedelta(days=1), recordings=(
        replace(meeting.recordings[0], id="later-1", original=None, audio=None, playable=None, transcript=None),
    ))  # fmt: skip
    archive.catalogue.add_meeting(later)
    assert deadlines(archive, DAY + timedelta(days=90)) == (
        Deadline("later", DeadlineKind.FETCH, DAY + timedelta(days=14)),
        Deadline("later", DeadlineKind.CAPTIONS, DAY + timedelta(days=15)),
        video,
        Deadline("later", DeadlineKind.VIDEO, DUE + timedelta(days=1)),
    )
    retire(archive, Silent(), DUE)
    assert all(d.meeting_id == "later" for d in deadlines(archive, DUE))


def test_what_waits_for_captions_shows_its_agenda_alone(home: Path) -> None:
    (home / RETENTION).write_text('[default]\npublish = "with captions"\n', encoding="utf-8")
    with opened(home) as archive:
        recording = archive.catalogue.meeting(MEETING).recordings[0]
        placed = archive.catalogue.segmentation(MEETING)
        assert placed is not None
        # As after single steps: a file to play, and items placed without a text.
        archive.catalogue.save_segmentation(MEETING, replace(placed, transcripts=()))
        Run(archive, Silent(), ()).bring_up_to_date([])
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.waits_for_captions
        assert (public.recordings, public.sentences) == ((), ())
        assert [item.title for item in public.items][2] == "Lukket punkt"
        with client(archive) as web:
            page = web.get(f"/moeder/{MEETING}").text
            assert "når optagelsen er tekstet" in page and "Ny cykelsti" in page
            assert "Granvænget" not in page and "folkeskolen" not in page and "/medie/" not in page
            for path in (
                f"/medie/{MEETING}/1",
                f"/moeder/{MEETING}/kapitler/1.vtt",
                f"/moeder/{MEETING}/lyd/1",
            ):
                assert web.get(path).status_code == 404
            assert web.get("/api/v1/search?q=cykelsti").json()["total"] == 0
        archive.catalogue.save_segmentation(MEETING, placed)
        public = published_meeting(archive.catalogue, MEETING)
        assert public is not None and public.sentences and public.recordings[0].id == recording.id


def client(archive: Archive) -> TestClient:
    return TestClient(create_app(archive.settings, archive.catalogue, archive.store, archive.engine))


def test_the_web_says_what_is_gone_and_points_at_none_of_it(archive: Archive) -> None:
    retire(archive, Silent(), DUE)
    Run(archive, Silent()).bring_up_to_date([MEETING])
    with client(archive) as web:
        page = web.get(f"/moeder/{MEETING}?t=2")
        assert page.status_code == 200 and "teksten er her stadig" in page.text
        assert "<video" not in page.text and "/medie/" not in page.text and "VideoObject" not in page.text
        assert 'id="s-2' in page.text and "Ny cykelsti" in page.text
        for path in (f"/medie/{MEETING}/1", f"/moeder/{MEETING}/lyd/1", f"/moeder/{MEETING}/lyd/1.m4a",
                     f"/moeder/{MEETING}/klip?fra=0&til=2", f"/moeder/{MEETING}/klip/0-2-lyd.m4a"):  # fmt: skip
            answer = web.get(path)
            assert answer.status_code == 410, path
            assert f"/moeder/{MEETING}" in answer.text and "fjernet" in answer.text
        assert "<enclosure" not in web.get("/podcast.xml?municipality=Tranevig&body=Byr%C3%A5det").text
        found = web.get("/soeg?q=cykelsti").text
        assert f"/moeder/{MEETING}" in found and "/medie/" not in found
        assert "teksten er her stadig" in web.get(f"/indlejret/{MEETING}?fra=2&til=4").text
        assert "teksten er her stadig" in web.get(f"/moeder/{MEETING}/citat?fra=2&til=4").text
        assert "cykelsti" in web.get(f"/moeder/{MEETING}/undertekster/1.vtt").text
        assert "cykelsti" in web.get(f"/api/v1/meetings/{MEETING}/transcript?format=txt").text
        (told,) = web.get(f"/api/v1/meetings/{MEETING}").json()["recordings"]
        assert (told["media"], told["retired"]) == (None, DUE.isoformat())
        for path in (f"/moeder/{MEETING}", f"/moeder/{MEETING}/undertekster/1.vtt", f"/medie/{MEETING}/1"):
            assert "fire millioner" not in web.get(path).text and "Granvænget" not in web.get(path).text


@given(
    days=st.integers(1, 60),
    passed=st.integers(0, 80),
    text=st.booleans(),
    held=st.booleans(),
    placed=st.booleans(),
    heard=st.booleans(),
)
def test_nothing_is_let_go_of_unless_its_time_is_over_its_text_is_safe_and_nobody_keeps_it(
    invariant: Callable[..., bool],
    days: int,
    passed: int,
    text: bool,
    held: bool,
    placed: bool,
    heard: bool,
) -> None:
    due, safe = passed >= days, text and placed and heard
    assert invariant(days, passed, text, held, placed, heard) is (due and safe and not held)


@pytest.fixture(scope="module")
def invariant(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., bool]]:
    """Whether a meeting's recording goes, each time in a meeting of its own with a file of its own."""
    home = tmp_path_factory.mktemp("invariant") / "home"
    shutil.copytree(whole, home)
    with opened(home) as archive:
        source = archive.catalogue.meeting(MEETING)
        said = archive.catalogue.transcript(source.recordings[0].transcript or "").segments
        yield lambda *asked: _goes(archive, source, said, *asked)


def _goes(
    archive: Archive, source: Meeting, said: tuple[Segment, ...],
    days: int, passed: int, text: bool, held: bool, placed: bool, heard: bool,
) -> bool:  # fmt: skip
    name = f"m{len(archive.catalogue.meeting_ids())}"
    file = f"{name}/1-original.mp4"
    archive.store.path(file).parent.mkdir(parents=True)
    archive.store.path(file).write_bytes(b"film")
    own = replace(
        source.recordings[0], id=f"{name}-1", original=file, audio=None, playable=file, transcript=None
    )
    meeting = replace(source, id=name, municipality=name, recordings=(own,))
    transcript = make_transcript(own.id, "da", said, Provenance(TranscriptOrigin.CAPTIONS, "c.vtt"))
    archive.catalogue.add_meeting(meeting, [(own.id, transcript)] if text else [])
    if placed:
        assert SEGMENT.run is not None
        SEGMENT.run(archive, archive.catalogue.meeting(name), lambda done, total: None)
    for step in (AUDIO, TRANSCRIBE) if heard else ():
        fingerprint = step.fingerprint(archive, archive.catalogue.meeting(name))
        archive.catalogue.record_step(
            StepResult(name, step.name, StepState.DONE, fingerprint, archive.now(), 0.0, "")
        )
    if held:
        archive.catalogue.retention.hold(Hold(name, "Anna", "complaint", archive.now()))
    rule = f'[[municipality]]\nname = "{name}"\nvideo_days = {days}\n'
    (archive.settings.home / RETENTION).write_text(rule, encoding="utf-8")
    gone = retire(archive, Silent(), DAY + timedelta(days=passed)).gone
    exists = archive.store.exists(file)
    assert bool(gone) is not exists
    assert (archive.catalogue.meeting(name).recordings[0].retired is None) is exists
    return not exists
