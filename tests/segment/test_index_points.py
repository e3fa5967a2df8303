from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from catalogue import AgendaItem, Chapter, Recording, RecordingKind
from segment import IndexPoint, index_points

ITEMS = (
    AgendaItem("1", "Godkendelse af dagsorden", source_id="a"),
    AgendaItem("2", "Lukning af Nørre Holme Skole", source_id="b"),
    AgendaItem("12", "Ny cykelsti langs Strandvejen", source_id="c"),
)
RECORDING = Recording("r", 1, RecordingKind.FILE, "x.mp4", offset=100.0, duration=60.0)


def starts(points: tuple[IndexPoint, ...]) -> list[tuple[int, float]]:
    return [(p.item, p.start) for p in points]


def test_the_agendas_own_points() -> None:
    items = (ITEMS[0], replace(ITEMS[1], begins=75.5), ITEMS[2])
    assert starts(index_points(items)) == [(1, 75.5)]


def test_a_clip_of_one_item_is_where_the_item_is() -> None:
    clips = (replace(RECORDING, item="b"), replace(RECORDING, id="s", ordinal=2, offset=160.0, item="12"))
    assert index_points(ITEMS, clips) == (
        IndexPoint(1, 100.0, 160.0, ITEMS[1].title),
        IndexPoint(2, 160.0, 220.0, ITEMS[2].title),
    )


def test_chapters_by_number_or_title_on_the_meetings_clock() -> None:
    chapters = (
        Chapter(0.0, "Velkomst"),
        Chapter(5.0, "Punkt 2: Lukning af skole"),
        Chapter(30.0, "Ny cykelsti langs Strandvejen"),
        Chapter(40.0, "12"),
        Chapter(50.0, "2 minutters pause"),
    )
    assert starts(index_points(ITEMS, (replace(RECORDING, chapters=chapters),))) == [(1, 105.0), (2, 130.0)]


@given(st.lists(st.builds(Chapter, st.floats(0, 1e5), st.text(max_size=40)), max_size=20))
def test_any_chapters_give_each_item_one_point_in_time(chapters: list[Chapter]) -> None:
    points = index_points(ITEMS, (replace(RECORDING, chapters=tuple(chapters)),))
    assert [p.start for p in points] == sorted(p.start for p in points)
    assert len({p.item for p in points}) == len(points)
