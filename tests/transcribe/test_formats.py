"""What we write, others read: round trips through well-kept parsers, and nothing hostile gets out."""

from __future__ import annotations

import io
import json

import pysubs2
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Segment, Word
from transcribe import to_json, to_srt, to_txt, to_vtt
from transcribe.captions import cues
from transcribe.formats import clock

SPOKEN = (
    Segment(0.0, 2.5, "Mødet er åbnet.", "Karen Holm (A)"),
    Segment(2.5, 3723.4, "Æ & Ø <b>er</b> --> bogstaver.", "Karen Holm (A)", (Word(2.5, 3.0, "Æ", 0.9),)),
    Segment(3724.0, 3725.0, "Værsgo.", None),
)


def test_webvtt_comes_back_with_speakers_and_text() -> None:
    captions = webvtt.from_buffer(io.StringIO(to_vtt(SPOKEN)))
    assert [c.voice for c in captions.captions] == ["Karen Holm (A)", "Karen Holm (A)", None]
    assert captions.captions[1].start == "00:00:02.500"
    assert captions.captions[1].end == "00:00:09.500"
    assert "&lt;b&gt;" in captions.captions[1].raw_text
    assert "--&gt;" in captions.captions[1].raw_text


def test_webvtt_shows_the_name_that_a_voice_only_tells_machines() -> None:
    captions = webvtt.from_buffer(io.StringIO(to_vtt(SPOKEN)))
    assert captions.captions[0].text == "Karen Holm (A): Mødet er åbnet."
    assert "Karen" not in captions.captions[1].text


def test_webvtt_gives_each_of_two_speakers_a_voice() -> None:
    both = [Segment(0.0, 0.4, "Ja.", "Bo"), Segment(0.4, 1.5, "Godt & vel.", "Ida <x>")]
    assert to_vtt(both).endswith("<v Bo>-Bo: Ja.</v>\n<v Ida &lt;x&gt;>-Ida &lt;x&gt;: Godt &amp; vel.</v>\n")


def test_srt_comes_back_and_names_a_speaker_once() -> None:
    lines = pysubs2.SSAFile.from_string(to_srt(SPOKEN), format_="srt")
    assert [line.start for line in lines] == [0, 2500, 3724000]
    assert lines[0].plaintext == "Karen Holm (A): Mødet er åbnet."
    assert "Karen" not in lines[1].plaintext


def test_a_long_sentence_becomes_captions_of_two_lines() -> None:
    text = (
        "Forvaltningen vender tilbage til udvalget med et notat om skolerne i Tranevig og om busserne dertil."
    )
    for written in (to_vtt([Segment(0, 8, text)]), to_srt([Segment(0, 8, text)])):
        shown = [block.splitlines() for block in written.split("\n\n") if "-->" in block]
        bodies = [lines[1 + next(n for n, line in enumerate(lines) if "-->" in line) :] for lines in shown]
        assert max(map(len, bodies)) == 2
        assert " ".join(" ".join(lines) for lines in bodies) == text


def test_json_is_whispers() -> None:
    written = json.loads(to_json(SPOKEN))
    assert written["language"] == "da"
    assert written["segments"][1]["words"] == [{"start": 2.5, "end": 3.0, "word": "Æ", "probability": 0.9}]
    assert "speaker" not in written["segments"][2]


def test_plain_text_has_a_paragraph_for_each_turn() -> None:
    assert to_txt(SPOKEN).count("[") == 2
    assert to_txt(SPOKEN).startswith("[00:00:00] Karen Holm (A)\nMødet er åbnet. Æ & Ø")


text = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)


rows = st.lists(st.tuples(st.floats(0, 1e5), text, st.none() | text), max_size=6)


def segments(rows: list[tuple[float, str, str | None]]) -> list[Segment]:
    return [Segment(at, at + 1, said or "x", who) for at, said, who in rows]


@given(rows)
def test_no_text_can_end_a_cue_or_open_a_tag(rows: list[tuple[float, str, str | None]]) -> None:
    blocks = [block for block in to_vtt(segments(rows)).split("\n\n")[1:] if block.strip()]
    assert len(blocks) == len(cues(segments(rows)))
    for block in blocks:
        head, _, body = block.partition("\n")
        assert head.count("-->") == 1
        assert "-->" not in body
        for line in body.splitlines():
            assert line.removeprefix("<v ").removesuffix("</v>").count("<") == 0


@given(rows)
def test_no_text_can_end_an_srt_cue(rows: list[tuple[float, str, str | None]]) -> None:
    written = to_srt(segments(rows))
    assert written.count("-->") == len(cues(segments(rows)))
    assert len([block for block in written.split("\n\n") if block.strip()]) == len(cues(segments(rows)))


@given(st.floats(0, 1e6))
def test_clock_never_loses_more_than_half_a_millisecond(seconds: float) -> None:
    hours, minutes, rest = clock(seconds, ".").split(":")
    assert abs(int(hours) * 3600 + int(minutes) * 60 + float(rest) - seconds) <= 0.00051


def test_json_says_what_is_doubtful() -> None:
    rows = json.loads(to_json([Segment(0, 1, "Ja.", doubt="unsure"), Segment(1, 2, "Nej.")]))["segments"]
    assert [row.get("doubtful") for row in rows] == ["unsure", None]
