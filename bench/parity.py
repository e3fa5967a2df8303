"""Whether Meilisearch and the embedded engine give the same hits for an archive, and how quickly each answers.

    TALERSTOL_MEILI_URL=… TALERSTOL_MEILI_KEY=… python bench/parity.py HOME [--rounds 5]

HOME is the data folder of an archive that was run. The index in Meilisearch is built anew under the name `parity`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path

from catalogue import Catalogue, Settings, published_meeting
from search import SearchEngine, SearchRequest, SearchResult, open_engine, passages

QUERIES = (
    "cykelstier", "skolelukning", "plantebaserede fødevarer", '"store bededag"', "store bededag -helligdag", "børn",
    "tonder", "toender kommune", "klimalow", "klimalov 1246 zzzz", "minkavlere", "vindmøl", "folkepension ", "",
    '"store bededag" regeringen', 'bededag -"store bededag"', "budget 2024", "regeringen og ministeren for",
    "lov om ændring", "1.000", "§ 38", "statsminister", "minister", "co", '"det næste punkt"', "-minister",
    "klima -klimalov energi", "Århus", "aarhus kommune skole", "sundhedsvæsnet", "ældrepleje kommunerne", "ulvee",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("home", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    settings = Settings(home=arguments.home, meili_index="parity")
    if not settings.meili_url:
        sys.exit("Set TALERSTOL_MEILI_URL to a Meilisearch server.")
    catalogue = Catalogue.open(settings.database)
    meetings = [(m, passages(p)) for m in catalogue.meeting_ids() if (p := published_meeting(catalogue, m))]
    meili = open_engine(settings)
    embedded = open_engine(settings.model_copy(update={"meili_url": None, "home": arguments.home / "bench"}))
    for engine in (embedded, meili):
        began = time.perf_counter()
        count = engine.rebuild(meetings, lambda _: None)
        print(f"{engine.check()}: {count} passages in {time.perf_counter() - began:.1f} s")
    differing = [query for query in QUERIES if not _agree(embedded, meili, query)]
    print(
        f"{len(QUERIES) - len(differing)} of {len(QUERIES)} queries give the same hits; differing: {differing}"
    )
    _compare_speed(embedded, meili, arguments.rounds)
    sys.exit(bool(differing))


def _agree(a: SearchEngine, b: SearchEngine, query: str) -> bool:
    """The same total, facets and relaxation; and the same hits and highlights as far as they can be paged."""
    ours, theirs = (_everything(engine, query) for engine in (a, b))
    return ours == theirs


def _everything(engine: SearchEngine, query: str) -> tuple[object, ...]:
    pages: list[SearchResult] = []
    for page in range(1, 11):
        pages.append(engine.search(SearchRequest(q=query, per_page=100, page=page, sort="newest")))
        if len(pages[-1].hits) < 100:
            break
    hits = {(hit.passage.id, hit.highlights, hit.start) for page in pages for hit in page.hits}
    first = pages[0]
    whole = hits if first.total <= 1000 else len(hits)
    return first.total, dict(first.facets), first.relaxed, first.dropped, whole


def _compare_speed(a: SearchEngine, b: SearchEngine, rounds: int) -> None:
    times: dict[str, list[float]] = {a.name: [], b.name: []}
    for _ in range(rounds):
        for query in QUERIES:
            for engine in (a, b):
                began = time.perf_counter()
                engine.search(SearchRequest(q=query))
                times[engine.name].append(1000 * (time.perf_counter() - began))
    for name, taken in times.items():
        p95 = statistics.quantiles(taken, n=20)[-1]
        print(
            f"{name}: median {statistics.median(taken):.1f} ms, p95 {p95:.1f} ms over {len(taken)} searches"
        )
    ratio = statistics.median(times[b.name]) / statistics.median(times[a.name])
    print(f"ratio of medians {b.name} / {a.name}: {ratio:.1f}")


if __name__ == "__main__":
    main()
