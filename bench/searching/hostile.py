"""Random and hostile queries through the HTTP API: none may be an error.

    python -m bench.searching.hostile MATERIAL [--queries 10000] [--home HOME]

Asks Meilisearch where TALERSTOL_MEILI_URL names a server, else the embedded engine.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.testclient import TestClient

from bench.searching.archive import all_passages, folketinget
from catalogue import Catalogue, MediaStore, Settings
from search import open_engine
from web import create_app

PIECES = (
    '"', "'", "-", "−", "*", "(", ")", "[", "]", "{", "}", "\\", "/", "AND", "OR", "NOT", "NEAR/3", "text:", "n:", "l:",
    "terms IN [", '" OR terms EXISTS', "zzalle", "^", "~2", "§", "§§ 1", "½", "⑴", "ﬁ", "\u0000", "\u202e", "\ufffd",
    "ß", "İ", "ǅ", "e\u0301", "🙂", "\ud83d", "1.250.000", "9" * 40, "-" * 30, '""""', "«", "»", "%", "<script>",
    "${7*7}", "a" * 200, "æøå" * 30, ".*", "(a+)+$", "[^]", "\t", "\n", "skole", "cykelsti", "ordføreren", "-skole",
    '"store bededag"', "og", "det", "Århus", "aarhus", " ", "  ",
)  # fmt: skip
SORTS = ("relevance", "newest", "oldest")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("material", type=Path)
    parser.add_argument("--queries", type=int, default=10_000)
    parser.add_argument("--home", type=Path)
    asked = parser.parse_args()
    with TemporaryDirectory() as temporary:
        embedded = folketinget(asked.material, asked.home or Path(temporary))
        settings = Settings(home=embedded.home, meili_index="hostile")  # type: ignore[call-arg]
        engine = open_engine(settings)
        if engine.needs_rebuild() or not engine.meetings():
            engine.rebuild(all_passages(embedded), lambda _: None)
        app = create_app(
            settings, Catalogue.open(settings.database), MediaStore(settings.media_folder), engine
        )
        client, chance = TestClient(app, raise_server_exceptions=False), random.Random(1)
        statuses: Counter[int] = Counter()
        for _ in range(asked.queries):
            params = _params(chance)
            answer = client.get("/api/v1/search", params=params)
            statuses[answer.status_code] += 1
            if answer.status_code not in (200, 422):
                print(f"{answer.status_code} {params!r} {answer.text[:200]}")
        print(f"{engine.check()}: {asked.queries} queries, by status: {dict(statuses)}")
        sys.exit(any(status not in (200, 422) for status in statuses))


def _params(chance: random.Random) -> dict[str, str]:
    pieces = [_piece(chance) for _ in range(chance.randrange(1, 12))]
    text = chance.choice(("", " ")).join(pieces).encode("utf-8", "replace").decode()
    params = {"q": text[:500], "sort": chance.choice(SORTS)}
    if chance.random() < 0.2:
        params[chance.choice(("speaker", "body", "item", "meeting", "party"))] = (
            _piece(chance).encode("utf-8", "replace").decode()
        )
    return params


def _piece(chance: random.Random) -> str:
    if chance.random() < 0.7:
        return chance.choice(PIECES)
    return "".join(
        chr(chance.choice((chance.randrange(32, 127), chance.randrange(160, 0x3000)))) for _ in range(8)
    )


if __name__ == "__main__":
    main()
