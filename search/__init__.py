"""Passages become something to search: the one door to both engines."""

from search.analyser import ANALYSER_VERSION, warm
from search.contract import (
    FILTERS,
    SCHEMA_VERSION,
    FacetValue,
    Group,
    Hit,
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

__all__ = [
    "ANALYSER_VERSION",
    "FILTERS",
    "SCHEMA_VERSION",
    "FacetValue",
    "Group",
    "Hit",
    "IndexUnavailable",
    "InvalidRequest",
    "Passage",
    "Place",
    "Reason",
    "SearchEngine",
    "SearchRequest",
    "SearchResult",
    "Way",
    "open_engine",
    "passages",
    "warm",
]
