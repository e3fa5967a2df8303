"""How far a run is: what is shown here, and what others read of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Runner, RunProgress
from pipeline.runs import pace, watched
from pipeline.runs.live_runs import run_lines
from pipeline.runs.pace import Pace, figures, lasting
from pipeline.runs.steps import STEPS, TRANSCRIBE
from pipeline.runs.watched import Watched
from pipeline.terminal import console
from pipeline.terminal.console import LineReporter, whole_run
from pipeline.terminal.reporter import ShowsRun, Silent


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The seconds that have passed."""
    now = [1000.0]
    for module in (pace, watched, console):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    yield now


def test_speed_and_time_left_are_measured(clock: list[float]) -> None:
    step = Pace("transcribe")
    step.report(600.0, 3600.0)  # heard in an earlier run
    assert (step.speed, step.left) == (None, None)
    clock[0] += 10.0
    step.report(700.0, 3600.0)
    assert step.share == pytest.approx(700 / 3600)
    assert step.speed == pytest.approx(10.0)
    assert step.left == pytest.approx(290.0)
    step.report(0.0, 100.0)  # the next recording
    assert step.speed is None
    assert Pace("fetch").speed is None


def test_of_bytes_no_speed_is_told(clock: list[float]) -> None:
    step = Pace("fetch")
    step.report(0.0, 1000.0)
    clock[0] += 2.0
    step.report(500.0, 1000.0)
    assert step.speed is None
    assert step.left == pytest.approx(2.0)
    step.report(600.0, None)
    assert (step.share, step.left) == (None, None)


def test_the_whole_run(clock: list[float]) -> None:
    watched = Watched(Silent())
    watched.plan({"a": 3600.0, "b": 1800.0, "c": None})
    assert watched.now() == RunProgress(meetings_left=3, seconds_left=5400.0, unknown=1)
    with watched.step("a", TRANSCRIBE) as progress:
        clock[0] += 10.0
        progress(600.0, 3600.0)
        clock[0] += 50.0
        progress(1800.0, 3600.0)
        now = watched.now()
    assert (now.seconds_done, now.seconds_left) == (1800.0, 3600.0)
    assert now.speed == pytest.approx(1200 / 60)  # the first 600 were there before
    assert now.left == pytest.approx(180.0)
    [at_work] = now.at_work
    assert (at_work.meeting_id, at_work.step, at_work.share) == ("a", "transcribe", 0.5)
    watched.through("a")
    watched.measured("c", 900.0)
    now = watched.now()
    assert (now.meetings_done, now.meetings_left, now.unknown, now.at_work) == (1, 2, 0, ())
    assert (now.seconds_done, now.seconds_left) == (3600.0, 2700.0)
    assert now.share == pytest.approx(4 / 7)
    for meeting in ("b", "c"):
        watched.through(meeting)
    assert watched.now().left is None
    assert watched.now().share == 1.0


@given(
    st.dictionaries(st.sampled_from("abcd"), st.none() | st.floats(0, 40_000), max_size=4),
    st.lists(st.tuples(st.sampled_from("abcdx"), st.floats(0, 50_000), st.booleans()), max_size=12),
)
def test_it_never_says_more_than_there_is(
    lengths: dict[str, float | None], moves: list[tuple[str, float, bool]]
) -> None:
    watched = Watched(Silent())
    watched.plan(lengths)
    total = sum(filter(None, lengths.values()))
    for meeting, reached, through in moves:
        with watched.step(meeting, TRANSCRIBE) as progress:
            progress(reached, None)
        if through:
            watched.through(meeting)
        now = watched.now()
        assert now.meetings_done + now.meetings_left == len(lengths)
        assert now.seconds_done + now.seconds_left == pytest.approx(total, abs=0.3)
        assert now.seconds_left >= 0
        assert now.share is None or 0 <= now.share <= 1


def test_plain_lines_now_and_then(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    shown = LineReporter()
    assert isinstance(shown, ShowsRun)
    watched = Watched(shown)
    watched.plan({"m": 3600.0, "n": None})
    with watched.step("m", TRANSCRIBE) as progress:
        progress(0.0, 3600.0)
        clock[0] += 20.0
        progress(400.0, 3600.0)
        assert capsys.readouterr().err == ""
        clock[0] += 20.0
        progress(800.0, 3600.0)
    said = capsys.readouterr().err
    assert "m: transcribing, 22 %, 20.0 × real time, 2 min left" in said
    assert "All: 0 of 2 meetings, 0 %, 20.0 × real time, at least 2 min left" in said
    assert "m: transcribe done in 40.0 s" in said


def test_a_step_that_fails_is_no_longer_at_work() -> None:
    watched = Watched(Silent())
    with pytest.raises(ValueError, match="no"), watched.step("m", STEPS[0]):
        raise ValueError("no")
    assert watched.now().at_work == ()


def test_lines_of_live_runs() -> None:
    at = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    far = RunProgress(1, 2, 10.0, 20.0, elsewhere=1, speed=4.0, left=5.0)
    run = Runner("1", "vært", 7, "/h", "p", "run", at, at, True, far)
    gone = Runner("2", "vært", 8, "/h", "q", "sync", at, at, False)
    first, second = run_lines([run, gone])
    assert first.startswith("run on vært (process 7) since 2026-11-2")
    assert first.endswith("1 of 3 meetings, 1 with other runners, 33 %, 4.0 × real time, 5 s left")
    assert second.startswith("sync on vært (process 8) has not been heard of since")


def test_words() -> None:
    assert [lasting(s) for s in (0.4, 59, 61, 3600, 7384)] == [
        "0 s",
        "59 s",
        "1 min",
        "1 h 00 min",
        "2 h 03 min",
    ]
    assert figures(None, None, None) == ""
    assert whole_run(RunProgress(meetings_done=2)) == "2 of 2 meetings, 100 %"
