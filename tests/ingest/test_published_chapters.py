"""Chapters from a real file made by ffmpeg, and from pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Chapter
from ingest import probe
from ingest.published_chapters import MOST_CHAPTERS, bounded_chapters, chapters_in, chapters_of_page
from tests.ingest.conftest import Media, ffmpeg


def with_chapters(media: Media, folder: Path, name: str, chapters: list[tuple[float, str]]) -> Path:
    told, file = folder / "chapters.txt", folder / name
    parts = [
        f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start * 1000:.0f}\nEND={start * 1000 + 1000:.0f}\ntitle={title}\n"
        for start, title in chapters
    ]
    told.write_text(";FFMETADATA1\n" + "".join(parts), encoding="utf-8")
    ffmpeg("-i", str(media.video), "-i", str(told), "-map_metadata", "1", "-c", "copy", str(file))
    return file


@pytest.mark.parametrize("name", ["m.mp4", "m.mkv"])
def test_a_file_s_chapters(media: Media, tmp_path: Path, name: str) -> None:
    file = with_chapters(media, tmp_path, name, [(0, "Punkt 1: Dagsorden"), (4.5, "Punkt 2: Køb af jord")])
    assert probe(file).chapters == (Chapter(0.0, "Punkt 1: Dagsorden"), Chapter(4.5, "Punkt 2: Køb af jord"))
    assert probe(media.video).chapters == ()


def test_titles_are_cleaned_and_lines_joined(media: Media, tmp_path: Path) -> None:
    title = "Punkt 1\\\nStream #0:0\\\n    Chapter #0:9: start 7.0, end 8.0\\\n title : x  y\x1b[31m"
    file = with_chapters(media, tmp_path, "m.mkv", [(1, title), (5, "Punkt 2")])
    first, second = probe(file).chapters
    assert (first.start, second) == (1.0, Chapter(5.0, "Punkt 2"))
    assert "\x1b" not in first.title and "\n" not in first.title
    assert first.title.startswith("Punkt 1 Stream #0:0 Chapter #0:9")


def test_a_file_whose_clock_begins_late(media: Media) -> None:
    said = (
        "  Duration: 00:00:10.00, start: 1.400000, bitrate: 1 kb/s\n  Chapters:\n"
        "    Chapter #0:0: start 1.400000, end 5.0\n      Metadata:\n        title           : A\n"
        "    Chapter #0:1: start 6.400000, end 9.0\n      Metadata:\n        title           : B\n"
    )
    assert chapters_in(said) == (Chapter(0.0, "A"), Chapter(5.0, "B"))


def test_a_page_s_chapters() -> None:
    told = [
        {"start_time": 9.0, "title": "B"},
        {"start_time": 0, "title": "A"},
        {"title": "C"},
        None,
        {"start_time": 1},
    ]
    assert chapters_of_page(told) == (Chapter(0.0, "A"), Chapter(9.0, "B"))
    assert chapters_of_page("nonsense") == ()
    assert len(bounded_chapters((float(n), "x") for n in range(MOST_CHAPTERS + 9))) == MOST_CHAPTERS


@given(st.text(alphabet=st.sampled_from("\n Chapter#0:19start.,endtile:x-e")))
def test_whatever_ffmpeg_says_is_read(said: str) -> None:
    assert isinstance(chapters_in(said), tuple)
