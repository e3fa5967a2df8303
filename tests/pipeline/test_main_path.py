"""From a recording and an agenda to a sentence that is found at its second, through the command line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.pipeline.conftest import Material, Talerstol


def add(talerstol: Talerstol, material: Material, day: str, *more: str) -> str:
    said = talerstol(
        "add",
        str(material.video),
        "--agenda",
        str(material.agenda(day)),
        "--transcript",
        str(material.captions),
        *more,
    )
    assert said.code == 0, said.err
    return said.out.split()[-1]


ID = "tranevig-byraadet-2025-09-24"


@pytest.fixture(scope="module")
def home_added(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an archive with one meeting, which is not brought up to date: what is used is a copy."""
    archive = Talerstol(tmp_path_factory.mktemp("added") / "home")
    assert add(archive, material, "2025-09-24") == ID
    return archive.home


@pytest.fixture(scope="module")
def home_whole(home_added: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a run."""
    archive = Talerstol(shutil.copytree(home_added, tmp_path_factory.mktemp("whole") / "home"))
    assert archive("run").code == 0
    return archive.home


@pytest.fixture
def added(talerstol: Talerstol, home_added: Path) -> Talerstol:
    shutil.copytree(home_added, talerstol.home)
    return talerstol


@pytest.fixture
def whole(talerstol: Talerstol, home_whole: Path) -> Talerstol:
    shutil.copytree(home_whole, talerstol.home)
    return talerstol


def test_add_run_search(talerstol: Talerstol, material: Material) -> None:
    identity = add(talerstol, material, "2025-09-24")
    assert identity == ID

    ran = talerstol("run")
    assert ran.code == 0, ran.out + ran.err
    found = json.loads(talerstol("search", "cykelstier", "--json").out)
    assert found["total"] == 1 or found["total"] == 2
    hit = next(h for h in found["hits"] if "folkeskolen" in h["text"])
    assert hit["meeting"]["id"] == identity
    assert hit["item"] == {"number": "2", "title": "Ny cykelsti langs Strandvejen"}
    assert hit["speaker"].startswith("Jens Bro")
    assert 4.0 <= hit["start"] <= 6.0
    assert [hit["text"][a:b] for a, b in hit["highlights"]] == ["Cykelstien"]


def test_what_is_closed_is_in_no_output(added: Talerstol) -> None:
    outputs = [
        added("run"),
        added("run", "--json"),
        added("status", ID),
        added("status", "--json"),
    ]
    outputs += [added("search", word, "--json") for word in ("Granvænget", "millioner", '"Granvænget 7"')]
    for said in outputs:
        assert "Granvænget" not in said.out.replace('"query": "Granvænget"', "").replace(
            '"query": "\\"Granvænget 7\\""', ""
        )
        assert "Granvænget" not in said.err
    assert json.loads(outputs[-2].out)["total"] == 0


def test_a_second_run_has_nothing_to_do(added: Talerstol) -> None:
    due = json.loads(added("run", "--dry-run", "--json").out)["due"]
    assert [d["step"] for d in due] == ["fetch", "audio", "transcribe", "segment", "media", "index"]
    assert added("run").code == 0
    assert json.loads(added("run", "--dry-run", "--json").out)["due"] == []
    assert json.loads(added("run", "--json").out)["done"] == []


def test_adding_the_same_again_changes_nothing(added: Talerstol, material: Material) -> None:
    assert add(added, material, "2025-09-24") == ID
    assert len(json.loads(added("status", "--json").out)["meetings"]) == 1


def test_several_recordings_follow_each_other(talerstol: Talerstol, material: Material) -> None:
    said = talerstol(
        "add", str(material.video), str(material.sound), "--agenda", str(material.agenda("2025-10-01")),
        "--transcript", str(material.captions), "--transcript", str(material.captions), "--offset", "0", "--offset", "900",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert talerstol("run").code == 0
    hits = json.loads(talerstol("search", "folkeskolen", "--json").out)["hits"]
    assert sorted(round(h["start"]) for h in hits)[0] == 4
    assert all(h["start"] < 20 or h["start"] >= 900 for h in hits)


def test_a_transcript_alone_is_searched_too(talerstol: Talerstol, material: Material) -> None:
    said = talerstol(
        "add", "-", "--transcript", str(material.captions), "--agenda", str(material.agenda("2025-09-24"))
    )
    assert said.code == 0, said.err
    assert talerstol("run").code == 0
    assert json.loads(talerstol("search", "cykelsti", "--json").out)["total"] >= 1


def test_transcripts_alone_follow_each_other(
    talerstol: Talerstol, material: Material, tmp_path: Path
) -> None:
    parts = []
    for n, word in enumerate(["Cykelstien er smal.", "Vindmøllen larmer."]):
        part = tmp_path / f"del-{n}.vtt"
        part.write_text(f"WEBVTT\n\n00:00:05.000 --> 00:00:30.000\n{word}\n", encoding="utf-8")
        parts += ["--transcript", str(part)]
    said = talerstol("add", "-", "-", *parts, "--title", "To dele")
    assert said.code == 0, said.err
    assert talerstol("run").code == 0
    starts = [
        json.loads(talerstol("search", word, "--json").out)["hits"][0]["start"] for word in ("smal", "larmer")
    ]
    assert starts == [5.0, 35.0]  # the second begins where the first one's words end


def test_a_lost_index_is_built_again(whole: Talerstol) -> None:
    before = whole("search", "cykelsti", "--json").out
    shutil.rmtree(whole.home / "index")
    assert whole("run").code == 0
    assert whole("search", "cykelsti", "--json").out == before
    shutil.rmtree(whole.home / "index")
    assert whole("reindex").code == 0
    assert whole("search", "cykelsti", "--json").out == before


def test_a_lost_file_is_made_again(whole: Talerstol) -> None:
    playable = next((whole.home / "media").rglob("*-play-*"))
    playable.unlink()
    assert whole("check").code == 1
    assert whole("run").code == 0
    assert playable.exists()


def test_one_bad_meeting_does_not_stop_the_others(
    talerstol: Talerstol, material: Material, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.mp4"
    gone.write_bytes(material.video.read_bytes())
    assert talerstol("add", str(gone), "--title", "Væk", "--date", "2025-01-01").code == 0
    gone.unlink()
    good = add(talerstol, material, "2025-09-24")

    ran = talerstol("run", "--json")
    assert ran.code == 1
    outcome = json.loads(ran.out)
    assert [f["meeting_id"] for f in outcome["failed"]] == ["vaek-2025-01-01"]
    assert [good, "index"] in outcome["done"]
    assert "FAILED" in ran.err
    statuses = {m["id"]: m["state"] for m in json.loads(talerstol("status", "--json").out)["meetings"]}
    assert statuses == {"vaek-2025-01-01": "failed", good: "done"}


def test_the_deadline_stops_a_run_with_its_own_exit_code(added: Talerstol) -> None:
    from catalogue import Settings
    from pipeline.archive import open_archive
    from pipeline.runs.runner import Run
    from pipeline.terminal.console import LineReporter

    settings = Settings(home=added.home, allow_private_addresses=True)  # type: ignore[call-arg]
    with open_archive(settings) as archive:
        outcome = Run(archive, LineReporter(), until=archive.now()).bring_up_to_date([ID])
    assert outcome.waiting == (ID,)
    assert outcome.done == ()
    assert added("run", "--until", "25:99").code == 2


def test_two_runs_at_once_are_refused(added: Talerstol) -> None:
    from filelock import FileLock

    with FileLock(added.home / "run.lock"):
        said = added("run")
    assert said.code == 1
    assert "another run" in said.err


@pytest.mark.parametrize(
    "words",
    [
        ["search", "x", "--sort", "best"],
        ["run", "no-such-meeting"],
        ["run", "--step", "no"],
        ["add", "-"],
        ["nonsense"],
        ["status", "none"],
        ["search", "x", "--from", "yesterday"],
    ],
)
def test_wrong_words_leave_with_two_and_a_sentence(talerstol: Talerstol, words: list[str]) -> None:
    said = talerstol(*words)
    assert said.code == 2
    assert said.out == ""
    assert said.err.strip()


def test_segment_prints_what_is_promised(talerstol: Talerstol, material: Material) -> None:
    said = talerstol("segment", str(material.captions), str(material.agenda("2025-09-24")))
    assert said.code == 0, said.err
    items = json.loads(said.out)["items"]
    assert [set(i) for i in items] == [
        {"number", "title", "start", "end", "status", "confidence", "evidence"}
    ] * 3
    assert [(i["number"], i["start"], i["status"]) for i in items] == [
        ("1", 0.0, "discussed"),
        ("2", 2.0, "discussed"),
        ("3", 8.0, "closed"),
    ]
