"""What the search pages remember between two readers; one for each application."""

from __future__ import annotations

from starlette.requests import Request

from web.searching.frequency import OverTime
from web.searching.ways_on import Examples
from web.spoken_time import SpokenTime


class Kept:
    """Words to try, and words over time. All of it is of the catalogue as it is at the moment it is shown."""

    def __init__(self, spoken: SpokenTime) -> None:
        self.examples = Examples()
        self.over_time = OverTime(spoken)


def kept_of(request: Request) -> Kept:
    kept: Kept = request.app.state.searching
    return kept
