"""Leases: never two at once, those of the dead taken over, and nothing written by who lost its own. On both databases."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from catalogue import (
    FRESH,
    AtWork,
    Catalogue,
    LeaseLost,
    Meeting,
    Runner,
    RunProgress,
    StepResult,
    StepState,
)
from catalogue.progress import dump_progress, load_progress

HALFWAY = RunProgress(
    1, 2, 60.0, 120.0, 0, 0, 2.0, 60.0, (AtWork("m", "transcribe", "transcribing", 0.5, 2.0, 9.0),)
)


@pytest.fixture
def catalogue(database_url: str) -> Iterator[Catalogue]:
    opened = Catalogue.open(database_url)
    yield opened
    opened.close()


def enter(catalogue: Catalogue, name: str, doing: str = "run") -> Runner:
    return catalogue.runners.enter(f"host-{name}", 42, f"/home/{name}", f"place-{name}", doing)


def silence(url: str, *ids: str, seconds: float = FRESH.total_seconds() + 1) -> None:
    """These have not been heard of for so long."""
    engine = create_engine(url)
    ago = f"-{seconds} seconds"
    earlier = (
        "strftime('%Y-%m-%d %H:%M:%f', heartbeat, :ago)"
        if engine.dialect.name == "sqlite"
        else "heartbeat + CAST(:ago AS interval)"
    )
    with engine.begin() as connection:
        for one in ids:
            connection.execute(
                text(f"UPDATE runners SET heartbeat = {earlier} WHERE id = :id"), {"ago": ago, "id": one}
            )
    engine.dispose()


def test_one_has_it_and_the_other_does_not(catalogue: Catalogue) -> None:
    a, b, runners = enter(catalogue, "a"), enter(catalogue, "b"), catalogue.runners
    assert runners.take(a.id, "m")
    assert runners.take(a.id, "m")  # it has it already
    assert not runners.take(b.id, "m")
    assert runners.take(b.id, "n")
    assert runners.leases() == {"m": a.id, "n": b.id}
    runners.release(b.id, "m")  # not its own
    assert runners.holds(a.id, "m")
    runners.release(a.id, "m")
    assert runners.take(b.id, "m")


def test_the_database_s_clock_is_told(catalogue: Catalogue) -> None:
    one = enter(catalogue, "a")
    assert abs(one.began - datetime.now(UTC)) < timedelta(minutes=5)
    [seen] = catalogue.runners.all()
    assert (seen.began, seen.host, seen.pid, seen.lives) == (one.began, "host-a", 42, True)
    assert catalogue.runners.beat(one, HALFWAY) == frozenset()
    [seen] = catalogue.runners.all()
    assert seen.progress == HALFWAY
    assert seen.heartbeat > one.heartbeat


def test_of_the_dead_it_is_taken_over(catalogue: Catalogue, database_url: str) -> None:
    a, b, runners = enter(catalogue, "a"), enter(catalogue, "b"), catalogue.runners
    assert runners.take(a.id, "m")
    silence(database_url, a.id, seconds=FRESH.total_seconds() - 20)
    assert not runners.take(b.id, "m")
    silence(database_url, a.id, seconds=30)
    assert runners.holder("m") is None
    assert [one.id for one in runners.living()] == [b.id]
    assert runners.take(b.id, "m")
    holder = runners.holder("m")
    assert holder is not None
    assert holder.id == b.id
    assert runners.beat(a, RunProgress()) == frozenset()  # it lives again, without its lease
    assert not runners.take(a.id, "m")


def test_whoever_lost_its_lease_writes_nothing(catalogue: Catalogue, database_url: str) -> None:
    catalogue.add_meeting(Meeting("m", "Byrådet", None, "Byrådet", "Tranevig"))
    a, b, runners = enter(catalogue, "a"), enter(catalogue, "b"), catalogue.runners
    result = StepResult("m", "fetch", StepState.DONE, "f", datetime(2026, 1, 1, tzinfo=UTC), 1.0)
    assert runners.take(a.id, "m")
    with runners.only_with(a.id, "m"):
        catalogue.record_step(result)
        silence(database_url, a.id)
        catalogue.record_step(result)  # nobody has taken it over
        assert runners.take(b.id, "m")
    with pytest.raises(LeaseLost), runners.only_with(a.id, "m"):
        catalogue.record_step(StepResult("m", "audio", StepState.DONE, "f", result.finished, 1.0))
    assert set(catalogue.steps("m")) == {"fetch"}
    catalogue.record_step(result)  # outside the block this thread writes as ever


def test_other_threads_are_not_bound(catalogue: Catalogue) -> None:
    a = enter(catalogue, "a")
    with catalogue.runners.only_with(a.id, "never taken"):
        thread = threading.Thread(target=lambda: catalogue.runners.take(a.id, "m"))
        thread.start()
        thread.join()
    assert catalogue.runners.leases() == {"m": a.id}


def test_who_ends_lets_go_of_all(catalogue: Catalogue) -> None:
    a, runners = enter(catalogue, "a"), catalogue.runners
    assert runners.take(a.id, "m")
    runners.leave(a.id)
    assert (runners.all(), runners.leases()) == ([], {})
    runners.beat(a, HALFWAY)  # forgotten meanwhile, and known again
    assert [one.id for one in runners.all()] == [a.id]


def test_the_one_before_at_the_same_place_is_dead(catalogue: Catalogue) -> None:
    killed, runners = enter(catalogue, "a"), catalogue.runners
    assert runners.take(killed.id, "m")
    again, other = enter(catalogue, "a"), enter(catalogue, "b")
    assert {one.id for one in runners.all()} == {again.id, other.id}
    assert runners.take(other.id, "m")


def test_of_a_machine_that_was_started_anew_what_is_silent_goes(
    catalogue: Catalogue, database_url: str
) -> None:
    runners = catalogue.runners
    before, lives = (runners.enter("host", pid, "/home", f"boot {pid}", "run") for pid in (1, 2))
    silence(database_url, before.id)
    assert not next(one for one in runners.all() if one.id == before.id).lives
    after = runners.enter("host", 3, "/home", "boot 3", "run")
    assert {one.id for one in runners.all()} == {lives.id, after.id}


def test_of_many_at_once_one_gets_it(database_url: str) -> None:
    catalogues = [Catalogue.open(database_url) for _ in range(4)]
    ids = [enter(one, str(n)).id for n, one in enumerate(catalogues)]
    barrier, taken = threading.Barrier(4), list[tuple[str, str]]()

    def take(n: int) -> None:
        for key in ("a", "b", "c"):
            barrier.wait()
            if catalogues[n].runners.take(ids[n], key):
                taken.append((key, ids[n]))

    threads = [threading.Thread(target=take, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for key, _ in taken) == ["a", "b", "c"]
    assert catalogues[0].runners.leases() == dict(taken)
    for one in catalogues:
        one.close()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'leases.sqlite'}"


RUNNERS, KEYS = st.integers(0, 2), st.sampled_from("xy")
MOVES = st.one_of(
    st.tuples(st.just("take"), RUNNERS, KEYS),
    st.tuples(st.just("release"), RUNNERS, KEYS),
    st.tuples(st.just("die"), RUNNERS, KEYS),
    st.tuples(st.just("beat"), RUNNERS, KEYS),
    st.tuples(st.just("leave"), RUNNERS, KEYS),
)


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(MOVES, max_size=12))
def test_whatever_happens_no_lease_has_two_living_holders(
    on_sqlite: str, moves: list[tuple[str, int, str]]
) -> None:
    """Against a model: who lives, and who has what."""
    catalogue = Catalogue.open(on_sqlite)
    runners = catalogue.runners
    list(map(runners.leave, (left.id for left in runners.all())))
    people = [enter(catalogue, str(n)) for n in range(3)]
    alive, held = {0, 1, 2}, dict[str, int]()
    for move, n, key in moves:
        me = people[n]
        if move == "take" and n in alive:
            free = key not in held or held[key] == n or held[key] not in alive
            assert runners.take(me.id, key) == free
            if free:
                held[key] = n
        elif move == "release":
            runners.release(me.id, key)
            if held.get(key) == n:
                del held[key]
        elif move == "die":
            silence(on_sqlite, me.id)
            alive.discard(n)
        elif move == "beat":
            mine = runners.beat(me, RunProgress())
            alive.add(n)
            assert mine == {k for k, holder in held.items() if holder == n}
        elif move == "leave":
            runners.leave(me.id)
            alive.discard(n)
            held = {k: holder for k, holder in held.items() if holder != n}
        assert runners.leases() == {k: people[holder].id for k, holder in held.items()}
        assert [runners.holds(one.id, key) for one in people] == [held.get(key) == m for m in range(3)]
    catalogue.close()


@given(st.text(max_size=40))
def test_what_another_version_wrote_is_nothing(written: str) -> None:
    assert isinstance(load_progress(written), RunProgress)


def test_progress_is_read_as_it_was_written() -> None:
    assert load_progress(dump_progress(HALFWAY)) == HALFWAY
    assert HALFWAY.share == pytest.approx(1 / 3)
    assert RunProgress(1, 3, 10.0, 5.0, unknown=1).share == 0.25
    assert RunProgress().share is None
