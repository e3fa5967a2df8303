"""Time, memory and disk of search at the size of a country: speech repeated with changed words.

    python -m bench.searching.size MATERIAL --passages 200000 [--engine embedded|meilisearch] [--rounds 20]

Prints what an index costs to build and how long ten kinds of queries take, through the whole search with groups, facets
and highlights: from one client, and from eight processes at once (as a web server with workers has them).
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import random
import re
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from bench.searching.archive import all_passages, folketinget
from catalogue import Settings
from search import Passage, SearchEngine, SearchRequest, open_engine, warm

A_MEETING = 800  # passages
AN_ITEM = 50
A_PAGE = 10  # items, as on the web
WARMING_ROUNDS = 30  # of other words, not measured: a server that has been asked for some minutes
CHANGED = 0.08  # the share of words that are exchanged for others of the archive
INVENTED = 0.004  # and that are names nobody else has
#: Ten ways to ask; every round asks with other words.
KINDS = (
    "one word", "two words", "three words", "beginning", "phrase", "typo", "compound part", "filtered", "newest first",
    "common word",
)  # fmt: skip
GIVEN = {
    "compound part": ("skole", "klima", "by", "sti", "råd", "plan", "penge", "børn"),
    "common word": ("ordføreren", "regeringen", "forslag", "minister", "danske"),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("--passages", type=int, default=200_000)
    parser.add_argument("--engine", choices=("embedded", "meilisearch"), default="embedded")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--flat", action="store_true", help="pages of 20 hits instead of 10 agenda items")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--home", type=Path, help="keep the index here, and use the one that is there")
    asked = parser.parse_args()
    with TemporaryDirectory() as temporary:
        home = asked.home or Path(temporary)
        seed = [p for _, found in all_passages(folketinget(asked.material, home / "seed")) for p in found]
        where = {"meili_url": None} if asked.engine == "embedded" else {"meili_index": "size"}
        settings = Settings(home=home / str(asked.passages), **where)  # type: ignore[arg-type]
        engine = open_engine(settings)
        if engine.needs_rebuild() or sum(engine.meetings().values()) != asked.passages:
            _build(engine, seed, asked.passages)
        print(f"{_folder_bytes(settings.index_folder) / 1e6:.0f} MB on disk, {engine.check()}")
        requests, warming = _requests(seed, asked.rounds), _requests(seed, WARMING_ROUNDS, chance=11)
        if asked.flat:
            requests, warming = _flat(requests), _flat(warming)
        _print_times("one client", _ask(settings, requests, warming))
        with multiprocessing.get_context("spawn").Pool(asked.clients) as pool:
            shares = pool.starmap(_ask, [(settings, requests, warming)] * asked.clients)
        _print_times(f"{asked.clients} clients", [time for share in shares for time in share])


def _build(engine: SearchEngine, seed: Sequence[Passage], count: int) -> None:
    warm()
    began = time.perf_counter()
    engine.rebuild(_meetings(seed, count), lambda _: None)
    took = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    for _ in _meetings(seed, count):
        pass
    making = time.perf_counter() - began
    print(f"{count} passages in {took - making:.1f} s (making them up not counted), peak {peak:.0f} MB")


def _meetings(seed: Sequence[Passage], count: int) -> Iterator[tuple[str, list[Passage]]]:
    chance = random.Random(count)
    words = [w for p in seed[:: max(1, len(seed) // 4000)] for w in p.text.split()]
    for n in range(0, count, A_MEETING):
        day = date(2010, 1, 1) + timedelta(days=n // A_MEETING * 3 % 5800)
        place = f"Kommune {n // A_MEETING % 98:02}"
        meeting = f"kommune-{n // A_MEETING % 98:02}-{n // A_MEETING:05}"
        titles = [chance.choice(seed).item_title for _ in range(0, A_MEETING, AN_ITEM)]
        made = [
            replace(
                p := chance.choice(seed),
                id=f"{meeting}--{k:05}",
                meeting=meeting,
                municipality=place,
                date=day,
                section=f"{meeting}/{k // AN_ITEM + 1}",
                opens="meeting" if k == 0 else "item" if k % AN_ITEM == 0 else "",
                item=str(k // AN_ITEM + 1),
                item_title=titles[k // AN_ITEM],
                start=k * 20.0,
                end=k * 20.0 + 19,
                text=changed_text(p.text, words, chance),
                sentences=((0, k * 20.0, k * 20.0 + 19),),
            )
            for k in range(min(A_MEETING, count - n))
        ]
        yield meeting, made


def changed_text(text: str, words: Sequence[str], chance: random.Random) -> str:
    said = text.split()
    for n in range(len(said)):
        drawn = chance.random()
        if drawn < INVENTED:
            said[n] = "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiouyæøå") for _ in range(4))
        elif drawn < CHANGED:
            said[n] = chance.choice(words)
    return " ".join(said)


def _requests(seed: Sequence[Passage], rounds: int, chance: int = 7) -> list[tuple[str, SearchRequest]]:
    drawn = random.Random(chance)
    return [(kind, _request(kind, seed, drawn)) for _ in range(rounds) for kind in KINDS]


def _flat(requests: list[tuple[str, SearchRequest]]) -> list[tuple[str, SearchRequest]]:
    return [(kind, replace(request, grouped=False, per_page=20)) for kind, request in requests]


def _request(kind: str, seed: Sequence[Passage], chance: random.Random) -> SearchRequest:
    while len(words := re.findall(r"[a-zæøå]{4,}", chance.choice(seed).text.lower())) < 8:
        pass
    at = chance.randrange(len(words) - 2)
    one, two, three = chance.sample(words, 3)
    typed = {
        "two words": f"{one} {two} ",
        "three words": f"{one} {two} {three} ",
        "beginning": one[:4],
        "phrase": f'"{words[at]} {words[at + 1]}"',
        "typo": f"{one[:2]}x{one[2:]} {two} ",
        **{given: chance.choice(among) + " " for given, among in GIVEN.items()},
    }
    request = SearchRequest(q=typed.get(kind, f"{one} "), grouped=True, per_page=A_PAGE)
    if kind == "filtered":
        return replace(request, municipality=("Kommune 07",), from_=date(2015, 1, 1))
    return replace(request, sort="newest") if kind == "newest first" else request


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds that a query of a kind took, and how many of them were spent waiting for a server."""

    kind: str
    whole: float
    server: float


def _ask(
    settings: Settings, requests: list[tuple[str, SearchRequest]], warming: list[tuple[str, SearchRequest]]
) -> list[Timing]:
    engine = open_engine(settings)
    warm()
    engine.warm()  # as a web server does that starts
    for _, request in warming:
        engine.search(request)
    gc.freeze()
    taken, waited = [], _timed_server()
    for kind, request in requests:
        waited.clear()
        began = time.perf_counter()
        engine.search(request)
        taken.append(Timing(kind, 1000 * (time.perf_counter() - began), 1000 * sum(waited)))
    return taken


def _timed_server() -> list[float]:
    """Seconds of each request to a Meilisearch server from here on; none where there is none."""
    waited = list[float]()
    send = HTTPAdapter.send

    def timed(adapter: HTTPAdapter, request: PreparedRequest, **how: Any) -> Response:
        began = time.perf_counter()
        try:
            return send(adapter, request, **how)
        finally:
            waited.append(time.perf_counter() - began)

    HTTPAdapter.send = timed  # type: ignore[method-assign, assignment]
    return waited


def _print_times(name: str, taken: list[Timing]) -> None:
    print(f"\n{name}\n| kind | p50 ms | p95 ms | of it ours, p50 / p95 |\n|---|---|---|---|")
    for kind in (*KINDS, "all"):
        of_kind = [t for t in taken if kind in (t.kind, "all")]
        whole, ours = [t.whole for t in of_kind], [t.whole - t.server for t in of_kind]
        print(
            f"| {kind} | {statistics.median(whole):.1f} | {_p95(whole):.1f} "
            f"| {statistics.median(ours):.1f} / {_p95(ours):.1f} |"
        )


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
