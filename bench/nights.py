"""Thirty nights in minutes, on a clock of their own: what should be there is there each morning.

python -m bench.nights --reports nights            (the reports of three mornings are left in that folder)
python -m bench.nights --speech ../shared/data/speech   (two of the nights are heard by the real model)
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from bench.material import join, read_clips
from catalogue import Settings
from tests.pipeline.conftest import ffmpeg
from tests.pipeline.night.thirty import (
    Month,
    a_month,
    older_meetings,
    portal_comes_back,
    portal_goes_down,
    reader_reports,
    report_of,
    stopped_by_hand,
)
from tests.portal_server import item, portal_site

STOPPED = 22  # by hand, in the middle
SHOWN = (5, 14, 24)  # a quiet one, one with faults, one that ran out of time
REAL = (4, 10)  # heard by the model, where there is speech


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--reports", type=Path)
    parser.add_argument("--speech", type=Path)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sites = (stack.enter_context(portal_site()), stack.enter_context(portal_site()))
        tone = folder / "tone.mp3"
        ffmpeg(
            "-f", "lavfi", "-i", "sine=frequency=440:duration=12:sample_rate=44100", "-b:a", "64k", str(tone)
        )
        settings = Settings(home=folder / "home", allow_private_addresses=True)  # type: ignore[call-arg]
        month = stack.enter_context(a_month(settings, sites, tone.read_bytes()))
        speech = _speech(arguments.speech, folder) if arguments.speech else None
        older_meetings(month, 10)
        began = time.monotonic()
        for n in range(arguments.nights):
            _live(month, n, speech)
        print(
            f"{arguments.nights} nights in {time.monotonic() - began:.0f} s; all that should be there is there."
        )
        if arguments.reports:
            _leave(month, arguments.reports, [n for n in SHOWN if n < arguments.nights])


def _live(month: Month, n: int, speech: bytes | None) -> None:
    """A day, its night and its morning."""
    tranevig, nordby = month.councils
    began = time.monotonic()
    if n % 7 == 2:
        month.meet(tranevig, n)
    if n % 14 == 8:
        month.meet(nordby, n)
    exit_code, hours = 0, 10.0
    before = DAYS.get(n)
    if before is not None:
        exit_code, hours = before(month, n)
    if speech and n in REAL:
        _for_real(month, n, speech)
    if n == STOPPED:
        with stopped_by_hand(month):
            try:
                month.night(n)
            except KeyboardInterrupt:
                print(f"night {n + 1:2}: stopped by hand")
                return
        raise AssertionError("it was not stopped")
    report = month.night(n, hours)
    month.for_real = False
    month.look(report, exit_code)
    heard = f", {report.speech.speed:.1f} × real time" if report.speech else ""
    counts = f"{len(report.done)} done, {len(report.going_on)} going on, {len(report.failed)} failed"
    print(
        f"night {n + 1:2}: {counts}, {len(report.review)} to review{heard} ({time.monotonic() - began:.1f} s)"
    )


def _for_real(month: Month, n: int, speech: bytes) -> None:
    month.meet(month.councils[1], n)
    month.councils[1].record(month.day(n), speech)
    # Nothing closed: where no item is found, all of a meeting with one would be withheld.
    month.councils[1].site.publish(month.day(n).isoformat(), [item(1, "Meddelelser")])
    month.expected[month.councils[1].meeting_id(month.day(n))] = ""  # what is heard is not known beforehand
    month.for_real = True


def _agenda_comes_late(month: Month, n: int) -> tuple[int, float]:
    month.meet(month.councils[1], n, agenda=False)
    return 0, 10.0


def _there_it_is(month: Month, n: int) -> tuple[int, float]:
    month.meet(month.councils[1], n - 3)
    return 0, 10.0


def _portal_down(month: Month, n: int) -> tuple[int, float]:
    month.meet(month.councils[0], n)
    portal_goes_down(month.councils[1])
    return 1, 10.0


def _portal_back(month: Month, n: int) -> tuple[int, float]:
    portal_comes_back(month.councils[1])
    return 0, 10.0


def _broken_recording(month: Month, n: int) -> tuple[int, float]:
    portal_goes_down(month.councils[1])
    month.councils[0].publish(month.day(n))
    month.councils[0].record(month.day(n), b"no recording" * 100)
    reader_reports(month, month.councils[0].meeting_id(month.day(2)))
    return 1, 10.0


def _whole_recording(month: Month, n: int) -> tuple[int, float]:
    portal_comes_back(month.councils[1])
    month.meet(month.councils[0], n - 1)
    for report in month.archive.catalogue.reports.open():
        month.archive.catalogue.reports.close(report.id)
    return 0, 10.0


def _source_deletes(month: Month, n: int) -> tuple[int, float]:
    for council in month.councils:
        council.site.files.clear()
    council = month.councils[0]
    council.site.withdraw(council.publish(month.day(2)))
    return 0, 10.0


def _closed_after_all(month: Month, n: int) -> tuple[int, float]:
    for meeting_id in sorted(one for one, word in month.expected.items() if word):
        for council in month.councils:
            for later in range(3, n + 1):
                if council.meeting_id(month.day(later)) == meeting_id:
                    council.publish(month.day(later), closed_later=True)
    return 0, 10.0


def _too_little_time(month: Month, n: int) -> tuple[int, float]:
    for back in range(5):
        month.meet(month.councils[1], n - back)
        month.expected.pop(month.councils[1].meeting_id(month.day(n - back)))
    month.hearing.takes *= 9  # three hours each
    return 3, 10.0


def _the_rest(month: Month, n: int) -> tuple[int, float]:
    month.hearing.takes /= 9
    for back in range(5):
        month.meet(month.councils[1], n - 1 - back)
    return 0, 10.0


DAYS: dict[int, Callable[[Month, int], tuple[int, float]]] = {
    3: _agenda_comes_late, 6: _there_it_is, 11: _portal_down, 12: _portal_back, 14: _broken_recording,
    15: _whole_recording, 17: _source_deletes, 18: _closed_after_all, 24: _too_little_time,
    25: _the_rest,
}  # fmt: skip


def _speech(clips: Path, folder: Path) -> bytes:
    return join(read_clips(clips), 60.0, 1, folder / "speech.flac").file.read_bytes()


def _leave(month: Month, folder: Path, nights: list[int]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for n in nights:
        (folder / f"night-{n + 1}.txt").write_text(report_of(month, n), encoding="utf-8")
    print(f"{len(nights)} reports in {folder}")


if __name__ == "__main__":
    main()
