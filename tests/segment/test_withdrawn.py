from __future__ import annotations

import pytest

from catalogue import AgendaItem, Segment
from segment.placing import look_at
from segment.withdrawn import called_off

ITEMS = [
    AgendaItem("1", "Godkendelse af dagsorden"),
    AgendaItem("2", "Lukning af Nørre Holme Skole"),
    AgendaItem("3", "Ny cykelsti langs Strandvejen"),
    AgendaItem("12", "Takster for dagtilbud"),
]


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("Punkt 3 udgår af dagsordenen.", {"3"}),
        ("Punkt tolv er udsat til næste møde.", {"12"}),
        ("Vi har trukket punkt 2.", {"2"}),
        ("Punkt 2 og 3 udgår.", {"2", "3"}),
        ("Punkt 2 er udgået, så vi går direkte til punkt 3.", {"2"}),
        ("Punkt tre udv af dagsordenen.", {"3"}),  # misheard
        ("Punktet om ny cykelsti langs Strandvejen udgår.", {"3"}),
        ("Punkt 12 er taget af dagsordenen.", {"12"}),
        ("Det næste punkt på dagsordenen er punkt 3.", set()),
        ("Punkt 3 på dagsordenen er ny cykelsti langs Strandvejen.", set()),
        ("Ændringsforslag nr. 3 er trukket tilbage.", set()),
        ("Som sagt under punkt 3 er vi trykket på tid.", set()),
    ],
)
def test_what_is_said_to_be_withdrawn(said: str, numbers: set[str]) -> None:
    meeting = look_at([Segment(0, 5, "Velkommen."), Segment(6, 12, said), Segment(13, 15, "Tak.")], ITEMS)
    assert {ITEMS[k].number for k in called_off(meeting)} == numbers
