"""What is asked of a search engine, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, Protocol

from catalogue import EngineError, InputError
from search.names import Names
from search.vocabulary import Vocabulary

SCHEMA_VERSION = "4"  # raise it with any change to what is stored in the indexes

Sort = Literal["relevance", "newest", "oldest"]
Opens = Literal["", "item", "meeting"]
Way = Literal["word", "form", "beginning", "spelling", "part", "apart", "like", "phrase"]
Place = Literal["text", "item", "meeting", "speaker"]
FACETS = ("municipality", "body", "year", "speaker", "party", "item")
FILTERS = ("municipality", "body", "speaker", "party", "item", "meeting", "section")
BEST_OF_GROUP = 3  # hits shown of an agenda item
GROUPED = (
    1_000  # passages among which the agenda items are counted too; nobody reads the list of more to its end
)
MOST_HITS = 1_000  # how deep paging goes
LARGEST_PAGE = 100
FEW = 10  # hits; a shorter list is followed by what has almost all the words
LONGEST_QUERY = 500  # characters
MOST_FILTER_VALUES = 50
MOST_FACET_VALUES = 100


class InvalidRequest(InputError):
    """A search asks for something out of bounds."""


class IndexUnavailable(EngineError):
    """The index is missing, broken or out of reach."""


class IndexStalled(IndexUnavailable):
    """The engine answers but takes nothing in: its disk is full."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A few sentences of one speaker in one item; times in seconds on the meeting's clock.

    `section` names the agenda item in all of the archive ("<meeting>/<position from 1>"; 0 is what lies outside the
    items), `opens` says whether the passage is the first of its item, or of its meeting. `sentences` holds for each
    sentence its place in `text` (characters) and its times.
    """

    id: str
    meeting: str
    title: str
    date: date | None
    body: str
    municipality: str
    section: str
    opens: Opens
    item: str | None
    item_title: str | None
    speaker: str | None
    party: str | None
    start: float
    end: float
    text: str
    sentences: tuple[tuple[int, float, float], ...]


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query with filters. Values of one filter are alternatives, filters are combined.

    `grouped`: a page is of agenda items, each with its best hits, instead of hits. `why`: every hit says why it was
    found. `facets`: whether they are counted, which takes most of the time of a search that finds much. `without`:
    meetings of which nothing is found or counted, however many. Raises `InvalidRequest` where it is out of bounds.
    """

    q: str = ""
    municipality: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    speaker: tuple[str, ...] = ()
    party: tuple[str, ...] = ()
    item: tuple[str, ...] = ()
    meeting: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    from_: date | None = None
    to: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 20
    grouped: bool = False
    why: bool = False
    facets: bool = True
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.q) > LONGEST_QUERY:
            raise InvalidRequest(f"a query has at most {LONGEST_QUERY} characters", where="q")
        if self.sort not in ("relevance", "newest", "oldest"):
            raise InvalidRequest("can only be relevance, newest or oldest", where="sort")
        if not 1 <= self.per_page <= LARGEST_PAGE:
            raise InvalidRequest(f"goes from 1 to {LARGEST_PAGE}", where="per_page")
        if self.page < 1 or self.page * self.per_page > MOST_HITS:
            raise InvalidRequest(f"only the first {MOST_HITS} hits can be paged through", where="page")
        if any(len(getattr(self, name)) > MOST_FILTER_VALUES for name in FILTERS):
            raise InvalidRequest(f"a filter has at most {MOST_FILTER_VALUES} values", where="filter")


@dataclass(frozen=True, slots=True)
class Reason:
    """`typed` is answered by `found`, as it stands in the passage's text, in the title of its item or meeting, or in its
    speaker's name.

    `way`: the word itself, another form of it, a word that begins so, another spelling, a compound that has it as a
    part, a part of the compound that was typed, a word like it; or a phrase.
    """

    typed: str
    found: str
    way: Way
    place: Place


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that matches. `highlights` are character ranges of its text, `item_highlights` and
    `title_highlights` of the titles of its item and meeting; `start` is the second to play: that of the first sentence
    with a highlight, which lies within the passage. `missing`: the words of a relaxed search, as they were typed, that
    neither this passage nor its titles nor its speaker's name have. `why`: where it was asked for."""

    passage: Passage
    highlights: tuple[tuple[int, int], ...]
    start: float
    missing: tuple[str, ...] = ()
    item_highlights: tuple[tuple[int, int], ...] = ()
    title_highlights: tuple[tuple[int, int], ...] = ()
    why: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """An agenda item with matching passages: how many they are, and the first `BEST_OF_GROUP` in the order asked
    for. `starts`: the seconds, in order, at which the passages begin that the engine has looked at: all of them, unless
    a page's groups have more than about a hundred together."""

    total: int
    hits: tuple[Hit, ...]
    starts: tuple[float, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value and how many matching passages have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """One page of hits, or of groups where those were asked for. `total` counts passages; `group_total` counts groups,
    None where they are too many to be counted. `relaxed`: nothing had all the words. Those in `dropped` were left out;
    where that would not tell all, each hit has its own `missing`. `near`: words that were hardly ever said, as they
    were typed, with the like words (norms) that were said more often, the likeliest first. `also`: behind a list of
    fewer than `FEW` hits, what has almost all the words, best first; not counted."""

    query: str
    total: int
    page: int
    per_page: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    relaxed: bool
    dropped: tuple[str, ...]
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    group_total: int | None = None
    also: tuple[Hit, ...] = ()


class SearchEngine(Protocol):
    """The door to search, the same over both engines."""

    @property
    def name(self) -> str:
        """`embedded` or `meilisearch`."""

    @property
    def version(self) -> str:
        """The engine's own version, as far as an index depends on it."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Raises `IndexUnavailable` when the index cannot be asked."""

    def by_meeting(self, request: SearchRequest) -> Mapping[str, int]:
        """In how many passages of each meeting all the words are: of all that match, without reading any of them."""

    def samples(self, request: SearchRequest) -> tuple[int, tuple[Passage, ...]]:
        """How many passages match, and a page of them: without facets, highlights and relaxing, so in a fraction of
        the time."""

    def vocabulary(self) -> Vocabulary:
        """The words of the index as it is now."""

    def warm(self) -> None:
        """Get ready for readers, in the background: a second or two. Raises `IndexUnavailable`."""

    def names(self) -> Names:
        """The speakers of the index as it is now."""

    def replace_meeting(self, meeting_id: str, passages: Sequence[Passage]) -> None:
        """A meeting's passages, in place of those it had; none removes it."""

    def meetings(self) -> dict[str, int]:
        """The meetings in the index and how many passages each has."""

    def rebuild(
        self, meetings: Iterable[tuple[str, Sequence[Passage]]], progress: Callable[[int], None]
    ) -> int:
        """The whole index anew, beside the old one and then in its place. Returns the number of passages."""

    def needs_rebuild(self) -> str | None:
        """Why the index has to be built anew; None if it need not."""

    def check(self) -> str:
        """One line on the engine; raises `EngineError` when it does not work."""
