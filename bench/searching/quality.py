"""How often search finds a known passage among the first ten, by the way its words were typed; through the HTTP API.

    python -m bench.searching.quality MATERIAL --treebank DEV.conllu TEST.conllu [--each 300] [--misses KIND]

MATERIAL is the folder with `folketinget/` and `asr/`. Beside our engines stand tantivy and Meilisearch as they
come, over the same passages. Meilisearch takes part where TALERSTOL_MEILI_URL names a server.
"""

from __future__ import annotations

import argparse
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.searching.archive import all_passages, folketinget
from bench.searching.asking import Ask as AskApi
from bench.searching.asking import Meetings, our_engines
from bench.searching.known_items import Query, Treebank, queries
from bench.searching.plain import plain_meilisearch, plain_tantivy
from catalogue import Settings

#: Gives the passages found, best first, as (meeting, text).
Ask = Callable[[str], Sequence[tuple[str, str]]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("--treebank", type=Path, nargs="+", required=True, help="CoNLL-U files")
    parser.add_argument("--each", type=int, default=300, help="queries of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--home", type=Path, help="keep the archive here")
    parser.add_argument("--only", default="", help="one of: embedded, meilisearch, plain")
    parser.add_argument("--misses", default="", help="print what was not found of this kind")
    asked = parser.parse_args()
    with TemporaryDirectory() as temporary:
        settings = folketinget(asked.material, asked.home or Path(temporary))
        meetings = all_passages(settings)
        heard = asked.material / "asr" / "folketinget_clips.json"
        made = list(queries(meetings, Treebank.read(asked.treebank), heard, asked.each, asked.seed))
        for name, ask in _engines(settings, meetings, asked.only):
            _report(name, made, ask, asked.misses)


def _engines(settings: Settings, meetings: Meetings, only: str) -> Iterable[tuple[str, Ask]]:
    url, key = os.environ.get("TALERSTOL_MEILI_URL"), os.environ.get("TALERSTOL_MEILI_KEY")
    for name, ask in our_engines(settings, meetings, "quality", only):
        yield name, _texts(ask)
    if only in ("", "plain"):
        yield "tantivy as it comes", plain_tantivy(meetings)
        if url:
            yield "Meilisearch as it comes", plain_meilisearch(meetings, url, key)


def _texts(ask: AskApi) -> Ask:
    return lambda text: [(found.meeting, found.text) for found in ask(text)]


def _report(name: str, made: Sequence[Query], ask: Ask, misses: str) -> None:
    ranks: dict[str, list[float]] = defaultdict(list)
    for query in made:
        wanted = (query.target.meeting, query.target.text)
        found = list(ask(query.text))
        rank = found.index(wanted) + 1 if wanted in found else 0
        ranks[query.kind].append(1 / rank if rank else 0.0)
        if not rank and query.kind == misses:
            print(f"  missed ({len(found)} found): {query.text} | {query.target.text}")
    print(f"\n{name}\n| kind | queries | among the first ten | MRR |\n|---|---|---|---|")
    for kind, found_at in ranks.items():
        hits = sum(rank > 0 for rank in found_at) / len(found_at)
        print(f"| {kind} | {len(found_at)} | {hits:.3f} | {sum(found_at) / len(found_at):.3f} |")


if __name__ == "__main__":
    main()
