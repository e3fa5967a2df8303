"""Time, memory and disk of search at the size of a country: speech repeated with changed words.

    python -m bench.searching.size MATERIAL --passages 200000 [--engine embedded|meilisearch] [--rounds 20]

Prints what an index costs to build and how long ten kinds of queries take, through the whole search with groups, facets
and highlights: from one client, and from eight processes at once (as a web server with workers has them).
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import resource
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.searching.archive import all_passages, folketinget
from catalogue import Settings
from search import Passage, SearchEngine, SearchRequest, open_engine, warm

A_MEETING = 800  # passages
AN_ITEM = 50
A_PAGE = 10  # items, as on the web
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
        requests = _requests(seed, asked.rounds)
        _print_times("one client", _ask(settings, requests))
        with multiprocessing.get_context("spawn").Pool(asked.clients) as pool:
            shares = pool.starmap(_ask, [(settings, requests)] * asked.clients)
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
                text=_changed(p.text, words, chance),
                sentences=((0, k * 20.0, k * 20.0 + 19),),
            )
            for k in range(min(A_MEETING, count - n))
        ]
        yield meeting, made


def _changed(text: str, words: Sequence[str], chance: random.Random) -> str:
    said = text.split()
    for n in range(len(said)):
        drawn = chance.random()
        if drawn < INVENTED:
            said[n] = "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiouyæøå") for _ in range(4))
        elif drawn < CHANGED:
            said[n] = chance.choice(words)
    return " ".join(said)


def _requests(seed: Sequence[Passage], rounds: int) -> list[tuple[str, SearchRequest]]:
    chance = random.Random(7)
    return [(kind, _request(kind, seed, chance)) for _ in range(rounds) for kind in KINDS]


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


def _ask(settings: Settings, requests: list[tuple[str, SearchRequest]]) -> list[tuple[str, float]]:
    engine = open_engine(settings)
    warm()
    for _, request in requests[: len(KINDS)]:
        engine.search(request)
    taken = []
    for kind, request in requests:
        began = time.perf_counter()
        engine.search(request)
        taken.append((kind, 1000 * (time.perf_counter() - began)))
    return taken


def _print_times(name: str, taken: list[tuple[str, float]]) -> None:
    print(f"\n{name}\n| kind | p50 ms | p95 ms |\n|---|---|---|")
    for kind in (*KINDS, "all"):
        times = [t for k, t in taken if kind in (k, "all")]
        print(f"| {kind} | {statistics.median(times):.1f} | {statistics.quantiles(times, n=20)[-1]:.1f} |")


def _folder_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


if __name__ == "__main__":
    main()
