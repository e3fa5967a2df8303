"""The open data: every row as its schema says, the same in Parquet, nothing withheld, and nothing served too long."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from starlette.testclient import TestClient

from catalogue import (
    Catalogue,
    EditKind,
    InputError,
    Interval,
    PublishedMeeting,
    Segment,
    Word,
    make_transcript,
    published_meeting,
)
from ingest import Web
from pipeline.archive import Archive
from pipeline.export import copy_dump, is_due, make_dump
from tests.web.conftest import MAIN, SECRETS, STALE, TEXT_ONLY, WORDS, Built, edit, silence
from web import Dump, read_dump

duckdb = pytest.importorskip("duckdb", reason="the extra [export] is not installed")


def quiet(done: float, total: float | None) -> None: ...


def archive_of(built: Built) -> Archive:
    engine = built.app.state.site.engine
    return Archive(built.settings, built.catalogue, built.store, Web(built.settings), engine)


@pytest.fixture
def dumped(own: Built) -> tuple[Built, Archive, Dump]:
    archive = archive_of(own)
    return own, archive, make_dump(archive, quiet)


def rows(client: TestClient, table: str) -> list[dict[str, Any]]:
    answer = client.get(f"/data/{table}.jsonl.gz")
    assert answer.status_code == 200
    return [json.loads(line) for line in gzip.decompress(answer.content).splitlines()]


def test_every_row_is_as_its_schema_says_and_the_same_in_parquet(
    dumped: tuple[Built, Archive, Dump], tmp_path: Path
) -> None:
    own, _, dump = dumped
    client = TestClient(own.app)
    for table in [file for file in dump.files if file.name.endswith(".jsonl.gz")]:
        assert table.table
        schema = client.get(f"/data/{table.table}.schema.json").json()
        jsonschema.Draft202012Validator.check_schema(schema)
        check = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        found = rows(client, table.table)
        assert len(found) == table.rows
        for row in found:
            check.validate(row)
        parquet = tmp_path / f"{table.table}.parquet"
        parquet.write_bytes(client.get(f"/data/{table.table}.parquet").content)
        with duckdb.connect() as connection:
            read = connection.read_parquet(str(parquet))
            assert read.columns == list(schema["properties"])
            assert [plain(row) for row in read.fetchall()] == [plain(tuple(row.values())) for row in found]


def plain(row: tuple[Any, ...]) -> list[Any]:
    """Days and moments as text, as far as both ways of writing them agree."""
    return [str(value)[:10] if hasattr(value, "year") or _is_day(value) else value for value in row]


def _is_day(value: object) -> bool:
    return isinstance(value, str) and value[:2] == "20" and value[4:5] == "-" == value[7:8]


def test_what_is_in_it(dumped: tuple[Built, Archive, Dump]) -> None:
    own, _, dump = dumped
    client = TestClient(own.app)
    assert {row["id"] for row in rows(client, "meetings")} == {MAIN, TEXT_ONLY, STALE}
    assert dump.revisions.keys() == {MAIN, TEXT_ONLY, STALE}
    said = [row["text"] for row in rows(client, "sentences") if row["meeting"] == MAIN]
    assert "Den nuværende sti er for smal." in said
    closed = [row for row in rows(client, "items") if row["meeting"] == MAIN and not row["open"]]
    assert [(row["number"], row["title"], row["case"]) for row in closed] == [
        ("4", "Lukket punkt", ""),
        ("8", "Lukket punkt", ""),
    ]
    media = {(r["meeting"], r["ordinal"]): r["media"] for r in rows(client, "recordings")}
    assert media[MAIN, 1] == f"https://arkiv.example/medie/{MAIN}/1"
    assert media[STALE, 1] is None


def test_words_have_their_times(own: Built) -> None:
    words = (Word(0.0, 0.4, " Museet", 0.9), Word(0.4, 1.0, " åbner.", 0.8))
    said = make_transcript(f"{TEXT_ONLY}-1", "da", (Segment(0.0, 1.0, "Museet åbner.", None, words),), WORDS)
    own.catalogue.save_transcript(f"{TEXT_ONLY}-1", said)
    placed = own.catalogue.segmentation(TEXT_ONLY)
    assert placed
    own.catalogue.save_segmentation(TEXT_ONLY, replace(placed, transcripts=(said.id,)))
    make_dump(archive_of(own), quiet)
    assert [row["word"] for row in rows(TestClient(own.app), "words")] == [" Museet", " åbner."]


def test_every_file_is_as_the_manifest_says(dumped: tuple[Built, Archive, Dump]) -> None:
    own, _, dump = dumped
    client = TestClient(own.app)
    manifest = client.get("/data/manifest.json").json()
    assert manifest["licence"] == "CC-BY-4.0"
    assert {file["name"] for file in manifest["files"]} == {file.name for file in dump.files} - {
        "manifest.json"
    }
    for file in dump.files:
        answer = client.get(f"/data/{file.name}", headers={"accept-encoding": "gzip"})
        assert hashlib.sha256(answer.content).hexdigest() == file.sha256
        assert len(answer.content) == file.size
        part = client.get(f"/data/{file.name}", headers={"range": "bytes=2-9"})
        assert (part.status_code, part.content) == (206, answer.content[2:10])
        again = client.get(f"/data/{file.name}", headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304
    page = client.get("/aabne-data").text
    assert all(file.sha256 in page for file in dump.files)
    assert "https://creativecommons.org/licenses/by/4.0/" in page
    for text in ("README.md", "LICENSE.txt"):
        assert "Creative Commons Attribution 4.0" in client.get(f"/data/{text}").text


def every_byte(own: Built, dump: Dump) -> str:
    folder = own.settings.export_folder / dump.folder
    texts = []
    for file in sorted(folder.iterdir()):
        if file.suffix == ".parquet":
            with duckdb.connect() as connection:
                texts.append(repr(connection.read_parquet(str(file)).fetchall()))
        elif file.suffix == ".gz":
            texts.append(gzip.decompress(file.read_bytes()).decode())
        else:
            texts.append(file.read_text(encoding="utf-8"))
    return "\n".join(texts).lower()


def test_no_secret_is_in_any_file(dumped: tuple[Built, Archive, Dump]) -> None:
    own, _, dump = dumped
    text = every_byte(own, dump)
    for secret in (*SECRETS, "kirsten", "fordi"):
        assert secret.lower() not in text, secret


def test_what_is_withheld_later_is_not_served_and_is_gone_from_the_next(
    dumped: tuple[Built, Archive, Dump],
) -> None:
    own, archive, dump = dumped
    client = TestClient(own.app, raise_server_exceptions=False)
    assert "nuværende sti" in every_byte(own, dump)
    own.catalogue.add_edit(MAIN, edit(EditKind.REDACTION, 3.0, 4.0))
    for file in dump.files:
        answer = client.get(f"/data/{file.name}")
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "600")
        tagged = client.get(f"/data/{file.name}", headers={"if-none-match": f'"{file.sha256[:32]}"'})
        assert tagged.status_code == 503
    page = client.get("/aabne-data")
    assert page.status_code == 200
    assert "/data/" not in page.text
    assert is_due(archive)

    after = make_dump(archive, quiet)
    assert after.folder != dump.folder
    assert not is_due(archive)
    assert "nuværende sti" not in every_byte(own, after)
    left = b"".join(
        gzip.decompress(f.read_bytes()) if f.suffix == ".gz" else f.read_bytes()
        for f in own.settings.export_folder.rglob("*")
        if f.is_file()
    )
    assert "nuværende sti".encode() not in left  # in no piece and no older dump either
    assert client.get("/data/meetings.jsonl.gz").status_code == 200


def test_a_meeting_that_came_later_does_not_matter(dumped: tuple[Built, Archive, Dump]) -> None:
    own, archive, dump = dumped
    meeting = replace(own.catalogue.meeting(TEXT_ONLY), id="nyt", recordings=())
    own.catalogue.add_meeting(meeting)
    assert not is_due(archive)
    assert make_dump(archive, quiet) == dump  # nothing public has changed: the same files


def test_another_release_does_not_serve_it(
    dumped: tuple[Built, Archive, Dump], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, _, _ = dumped
    monkeypatch.setattr("web.open_data.dump.release", lambda: "9.9")
    assert TestClient(own.app).get("/data/README.md").status_code == 503


def test_only_what_changed_is_read_again(
    dumped: tuple[Built, Archive, Dump], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, archive, _ = dumped
    read: list[str] = []

    def noted(catalogue: Catalogue, meeting_id: str) -> PublishedMeeting | None:
        read.append(meeting_id)
        return published_meeting(catalogue, meeting_id)

    monkeypatch.setattr("pipeline.export.pieces.published_meeting", noted)
    own.catalogue.add_edit(STALE, edit(EditKind.CORRECTION, 0.0, 3.0, "Havnefronten renoveres."))
    make_dump(archive, quiet)
    assert STALE in read
    assert not {MAIN, TEXT_ONLY} & set(read)


def test_a_killed_one_leaves_the_old_one(
    dumped: tuple[Built, Archive, Dump], monkeypatch: pytest.MonkeyPatch
) -> None:
    own, archive, dump = dumped
    own.catalogue.add_edit(STALE, edit(EditKind.CORRECTION, 0.0, 3.0, "Havnefronten renoveres."))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.export.dump._write_down", killed)
        with pytest.raises(KeyboardInterrupt):
            make_dump(archive, quiet)
    assert read_dump(own.settings.export_folder) == dump
    after = make_dump(archive, quiet)
    assert read_dump(own.settings.export_folder) == after
    assert [f.name for f in own.settings.export_folder.glob("dump-*")] == [after.folder]


def test_a_folder_of_ones_own(dumped: tuple[Built, Archive, Dump], tmp_path: Path) -> None:
    _, archive, dump = dumped
    target = tmp_path / "ud"
    copy_dump(archive, dump, target)
    (target / "gammelt").write_text("x")
    copy_dump(archive, dump, target)  # an older dump is replaced whole
    assert {file.name for file in target.iterdir()} == {file.name for file in dump.files}
    precious = tmp_path / "mine"
    precious.mkdir()
    (precious / "brev.txt").write_text("x")
    with pytest.raises(InputError):
        copy_dump(archive, dump, precious)
    assert (precious / "brev.txt").exists()


@pytest.mark.parametrize(
    "name", ["current.json", "nej", "..%2fcurrent.json", "%2e%2e", ".unfinished", "pieces"]
)
def test_only_files_of_the_dump_are_served(dumped: tuple[Built, Archive, Dump], name: str) -> None:
    own, _, _ = dumped
    assert TestClient(own.app).get(f"/data/{name}").status_code == 404


def test_before_the_first(client: TestClient) -> None:
    assert "er ikke lavet endnu" in client.get("/aabne-data").text
    assert client.get("/data/meetings.jsonl.gz").status_code == 404


def test_an_empty_archive(own: Built) -> None:
    for meeting in (MAIN, TEXT_ONLY, STALE):
        public = own.catalogue.meeting(meeting)
        own.catalogue.replace_agenda(meeting, replace(public.agenda, items=()))  # not placed yet: not public
    make_dump(archive_of(own), quiet)
    assert rows(TestClient(own.app), "meetings") == []


def test_silenced_time_changes_nothing_else(own: Built) -> None:
    """Of two withheld stretches both are in the row."""
    silence(own.catalogue, own.catalogue.meeting(MAIN))
    make_dump(archive_of(own), quiet)
    [main] = [row for row in rows(TestClient(own.app), "meetings") if row["id"] == MAIN]
    assert [Interval(**gap) for gap in main["withheld"]] == [Interval(4.0, 6.0), Interval(9.0, 12.0)]
