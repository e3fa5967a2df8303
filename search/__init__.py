"""Passages become something to search: the one door to both engines."""

from search.analyser import ANALYSER_VERSION, warm
from search.beginnings import Beginnings
from search.contract import (
    FILTERS,
    LONGEST_QUERY,
    MOST_FILTER_VALUES,
    MOST_HITS,
    SCHEMA_VERSION,
    FacetValue,
    Group,
    Hit,
    IndexStalled,
    IndexUnavailable,
    InvalidRequest,
    Passage,
    Place,
    Reason,
    SearchEngine,
    SearchRequest,
    SearchResult,
    Way,
)
from search.engine import open_engine
from search.passages import passages
from search.query import Word
from search.suggest import EntitledItem, Suggestions, suggestions

__all__ = [
    "ANALYSER_VERSION",
    "Beginnings",
    "EntitledItem",
    "FILTERS",
    "LONGEST_QUERY",
    "MOST_FILTER_VALUES",
    "MOST_HITS",
    "SCHEMA_VERSION",
    "FacetValue",
    "Group",
    "Hit",
    "IndexStalled",
    "IndexUnavailable",
    "InvalidRequest",
    "Passage",
    "Place",
    "Reason",
    "SearchEngine",
    "SearchRequest",
    "SearchResult",
    "Suggestions",
    "Way",
    "Word",
    "open_engine",
    "passages",
    "suggestions",
    "warm",
]
