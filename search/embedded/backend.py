"""The index in the data folder: its files, and reading and writing it.

An index is a folder `index/<number>/` with a stamp of the versions it was made by; the file `index/current`
names the one in use. A rebuild makes a new folder and then moves the name. The writer is open only while a
meeting is written; readers are never in its way.
"""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path

import tantivy
from tantivy import Index, Order, Query

from search.analyser import ANALYSER_VERSION
from search.contract import (
    BEST_OF_GROUP,
    FACETS,
    GROUPED,
    SCHEMA_VERSION,
    IndexUnavailable,
    Passage,
    SearchRequest,
)
from search.embedded.checksums import Checksums
from search.embedded.documents import make_document, make_schema
from search.embedded.leftovers import remove_uncommitted
from search.embedded.meta import read_meta
from search.embedded.queries import Queries, all_of, either_of, order
from search.engine import Found, FoundGroup
from search.plan import Plan
from search.stored import KINDS, load_passage, start_of, unmarked
from search.vocabulary import Vocabulary

VERSION = version("tantivy")
CURRENT, STAMP = "current", "stamp.json"
STAMPED = {"engine": VERSION, "analyser": ANALYSER_VERSION, "schema": SCHEMA_VERSION}
# The more a rebuild may take, the fewer segments there are, and the faster every search (bench/searching/size.py).
WRITER_BYTES, REBUILD_BYTES = 64_000_000, 256_000_000
LOCK_SECONDS = 60.0  # how long to wait for another process's writer
PANIC = "PanicException"  # of Rust, beside Exception, and importable from nowhere
EVERY_VALUE = 1_000_000  # facets are counted whole and cut later, so that equal counts are cut alike
STARTS = 200  # passages of a group whose beginnings are told
LOOKED_AT = 250  # ranked passages in which a page's groups are looked for first


@dataclass(frozen=True)
class _Opened:
    """An index folder open for reading, and the vocabulary as of `version`."""

    folder: Path
    index: Index
    version: int
    vocabulary: Vocabulary
    queries: Queries


@dataclass(frozen=True)
class _Ranking:
    """Passages in an order, as they are at one moment."""

    searcher: tantivy.Searcher
    queries: Queries
    order: str | None
    direction: Order

    def best(self, query: Query, limit: int, offset: int = 0) -> tuple[int, list[tantivy.DocAddress]]:
        """How many match, and the first of them from `offset`."""
        result = self.searcher.search(
            query, limit=limit, offset=offset, order_by_field=self.order, order=self.direction
        )
        total = int(result.count or 0)  # type: ignore[attr-defined]  # not in tantivy's stubs
        return total, [address for _, address in result.hits]

    def passages(self, hits: Iterable[tantivy.DocAddress]) -> tuple[Passage, ...]:
        return tuple(load_passage(self.searcher.doc(hit)["passage"][0]) for hit in hits)

    def sections(self, hits: list[tantivy.DocAddress]) -> list[int]:
        return [int(section or 0) for section in self.searcher.fast_field_values("section", hits)]

    def starts(self, hits: list[tantivy.DocAddress]) -> tuple[float, ...]:
        return tuple(start_of(int(key or 0)) for key in self.searcher.fast_field_values("oldest", hits))


class EmbeddedBackend:
    """The tantivy index in a folder. Safe to share between threads and processes."""

    name = "embedded"
    version = VERSION

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._schema = make_schema()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None
        self._checksums = Checksums()

    # Reading --------------------------------------------------------------------------------------------

    def vocabulary(self) -> Vocabulary:
        opened = self._open()
        return opened.vocabulary if opened else Vocabulary({}, {}, {})

    def find(self, plan: Plan, request: SearchRequest) -> Found:
        opened = self._open()
        if opened is None:
            return Found(0, (), {})
        with _faults(opened.folder):
            query = opened.queries.query(plan, request)
            ranking = _Ranking(opened.index.searcher(), opened.queries, *order(plan, request))
            if request.grouped:
                total, groups, group_total = self._groups(ranking, query, request)
                passages = tuple[Passage, ...]()
            else:
                total, hits = ranking.best(query, request.per_page, (request.page - 1) * request.per_page)
                groups, group_total, passages = (), None, ranking.passages(hits)
            facets = self._facets(ranking.searcher, query, FACETS) if total and request.facets else {}
            return Found(total, passages, facets, groups, group_total)

    def _groups(
        self, ranking: _Ranking, query: Query, request: SearchRequest
    ) -> tuple[int, tuple[FoundGroup, ...], int | None]:
        """All passages that match, the page's groups in the order of their best passage, and how many there are.

        Of the ranked passages so many are looked at as it takes to fill the page.
        """
        wanted, limit = request.page * request.per_page, LOOKED_AT
        while True:
            total, hits = ranking.best(query, limit)
            of_group = defaultdict[int, list[tantivy.DocAddress]](list)
            for section, hit in zip(ranking.sections(hits), hits, strict=True):
                of_group[section].append(hit)
            if limit >= total or (len(of_group) >= wanted and total > GROUPED):
                break
            limit = total if total <= GROUPED else limit * 8
        shown = dict(islice(of_group.items(), wanted - request.per_page, wanted))
        counts: Mapping[int, int] = {section: len(found) for section, found in shown.items()}
        if total > limit and shown:
            counts = self._counts(ranking, query, list(shown))
            self._complete(shown, counts, ranking, query)
        groups = tuple(
            FoundGroup(
                counts[section], ranking.passages(found[:BEST_OF_GROUP]), ranking.starts(found[:STARTS])
            )
            for section, found in shown.items()
        )
        return total, groups, len(of_group) if total <= GROUPED else None

    def _complete(
        self,
        shown: dict[int, list[tantivy.DocAddress]],
        counts: Mapping[int, int],
        ranking: _Ranking,
        query: Query,
    ) -> None:
        """Of groups that had too few passages among those looked at, all passages."""
        short = [s for s, found in shown.items() if len(found) < min(BEST_OF_GROUP, counts[s])]
        if short:
            all_of_them = sum(counts[section] for section in short)
            _, hits = ranking.best(all_of(query, ranking.queries.in_sections(short)), all_of_them)
            shown.update({section: [] for section in short})
            for section, hit in zip(ranking.sections(hits), hits, strict=True):
                shown[section].append(hit)

    def _counts(self, ranking: _Ranking, query: Query, sections: list[int]) -> dict[int, int]:
        asked = {"counted": {"terms": {"field": "section", "size": len(sections)}}}
        counted = ranking.searcher.aggregate(all_of(query, ranking.queries.in_sections(sections)), asked)[
            "counted"
        ]["buckets"]
        return {int(bucket["key"]): bucket["doc_count"] for bucket in counted}

    def by_meeting(self, plan: Plan, request: SearchRequest) -> dict[str, int]:
        opened = self._open()
        if opened is None:
            return {}
        with _faults(opened.folder):
            query = opened.queries.query(plan, request)
            return self._facets(opened.index.searcher(), query, ("meeting",))["meeting"]

    def meetings(self) -> dict[str, int]:
        opened = self._open()
        if opened is None:
            return {}
        with _faults(opened.folder):
            return self._facets(opened.index.searcher(), Query.all_query(), ("meeting",))["meeting"]

    def needs_rebuild(self) -> str | None:
        folder = self._current()
        if folder is None:
            return "it is damaged" if (self._folder / CURRENT).exists() else None
        try:
            stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return "its stamp is missing"
        if stamp != STAMPED:
            return "it was made by another version"
        try:
            with _faults(folder):
                damaged = self._checksums.first_damaged(folder) is not None
            if not damaged:
                self._open()
        except IndexUnavailable:
            damaged = True
        built_anew = self._current() != folder  # meanwhile, by another process
        return "it is damaged" if damaged and not built_anew else None

    def check(self) -> str:
        opened = self._open()
        with _faults(self._folder):
            count = opened.index.searcher().num_docs if opened else 0
        return f"embedded, tantivy {VERSION}, {count} passages"

    # Writing --------------------------------------------------------------------------------------------

    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None:
        folder = self._current()
        if folder is None:
            with _faults(self._folder):
                folder = self._new_folder()
                Index(self._schema, path=str(folder))
                self._point_to(folder)
        with _faults(folder), self._writer(folder) as writer:
            writer.delete_documents_by_term("meeting", meeting_id)
            for passage in passages:
                writer.add_document(make_document(passage, self._schema))

    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int:
        count = 0
        with _faults(self._folder):
            folder = self._new_folder()
            Index(self._schema, path=str(folder))
            with self._writer(folder, REBUILD_BYTES) as writer:
                for _, passages in meetings:
                    for passage in passages:
                        writer.add_document(make_document(passage, self._schema))
                    count += len(passages)
                    progress(count)
            self._point_to(folder)
        return count

    @contextmanager
    def _writer(self, folder: Path, memory: int = WRITER_BYTES) -> Iterator[tantivy.IndexWriter]:
        """A writer that commits when the block ends well and leaves the index as it was otherwise."""
        index = self._index(folder)
        writer = _wait_for_writer(index, memory)
        try:
            remove_uncommitted(folder)
            yield writer
            writer.commit()
        except BaseException:
            writer.rollback()
            raise
        finally:
            writer.wait_merging_threads()

    # Folders --------------------------------------------------------------------------------------------

    def _current(self) -> Path | None:
        """The folder of the index that is read; None where there is none, or what names it is damaged."""
        try:
            name = (self._folder / CURRENT).read_bytes().strip()
        except OSError:
            return None
        return self._folder / name.decode() if re.fullmatch(rb"[1-9][0-9]{0,8}", name) else None

    def _new_folder(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        taken = [int(p.name) for p in self._folder.iterdir() if p.name.isdecimal()]
        folder = self._folder / str(max(taken, default=0) + 1)
        folder.mkdir()
        (folder / STAMP).write_text(json.dumps(STAMPED), encoding="utf-8")
        return folder

    def _point_to(self, folder: Path) -> None:
        """From here on readers open this folder; the ones before it go."""
        unfinished = self._folder / f"{CURRENT}.new"
        unfinished.write_text(folder.name, encoding="utf-8")
        unfinished.replace(self._folder / CURRENT)
        for other in self._folder.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def _index(self, folder: Path) -> Index:
        index = Index(self._schema, path=str(folder), reuse=True)
        spaced = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("spaced", spaced)
        return index

    def _open(self) -> _Opened | None:
        """The current index as it is now; None if nothing was ever indexed."""
        while (folder := self._current()) is not None:
            try:
                return self._opened_at(folder)
            except IndexUnavailable:
                if self._current() == folder:
                    raise
                # A rebuild took this folder's place after we had read its name: on to the new one.
        return None

    def _opened_at(self, folder: Path) -> _Opened:
        try:
            version = (folder / "meta.json").stat().st_mtime_ns
        except OSError as error:
            raise _unavailable(folder, "its files are gone") from error
        with self._lock:
            opened = self._opened
            if opened is None or opened.folder != folder or opened.version != version:
                with _faults(folder):
                    opened = self._opened = self._read(folder, version)
            return opened

    def _read(self, folder: Path, version: int) -> _Opened:
        index = self._index(folder)
        index.reload()
        searcher = index.searcher()
        queries = Queries(self._schema, sorted(dict(searcher.terms_with_prefix("context", ""))))
        in_titles = unmarked(dict(searcher.terms_with_prefix("titles", "")))
        norm, lemma, parts = (
            _sum(dict(searcher.terms_with_prefix(kind, "")), in_titles[kind]) for kind in KINDS
        )

        def recount(kind: str, term: str) -> int:
            either = either_of(queries.term(kind, term), queries.term("titles", KINDS[kind] + term))
            with _faults(folder):
                return int(searcher.search(either, limit=1).count or 0)  # type: ignore[attr-defined]

        # The term lists still count deleted passages, until tantivy merges them away.
        stale = any(segment.deletes is not None for segment in read_meta(folder).segments)
        vocabulary = Vocabulary(norm, lemma, parts, recount if stale else None)
        return _Opened(folder, index, version, vocabulary, queries)

    # Queries --------------------------------------------------------------------------------------------

    def _facets(
        self, searcher: tantivy.Searcher, query: Query, names: tuple[str, ...]
    ) -> dict[str, dict[str, int]]:
        asked = {name: {"terms": {"field": name, "size": EVERY_VALUE}} for name in names}
        counted = searcher.aggregate(query, asked)
        return {name: {b["key"]: b["doc_count"] for b in counted[name]["buckets"]} for name in names}


def _sum(a: Mapping[str, int], b: Mapping[str, int]) -> dict[str, int]:
    return {**a, **{term: n + a.get(term, 0) for term, n in b.items()}}


def _wait_for_writer(index: Index, memory: int) -> tantivy.IndexWriter:
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            return index.writer(memory, 1)
        except ValueError as error:
            if "LockBusy" not in str(error) and "lock" not in str(error).lower() or time.monotonic() > until:
                raise
            time.sleep(0.05)


def _unavailable(folder: Path, reason: str) -> IndexUnavailable:
    return IndexUnavailable(
        f"the search index cannot be used ({reason})", where=str(folder), remedy="Run `talerstol reindex`."
    )


@contextmanager
def _faults(folder: Path) -> Iterator[None]:
    """What goes wrong in tantivy as our error: it raises ValueError, OSError for files, and over damaged files it panics;
    or what it reads from them is not what we wrote (the rest)."""
    try:
        yield
    except BaseException as error:
        ours = (ValueError, OSError, LookupError, TypeError, ArithmeticError)
        if isinstance(error, ours) or type(error).__name__ == PANIC:
            raise _unavailable(folder, (str(error).splitlines() or ["unknown"])[0][:150]) from error
        raise
