"""The search engine in the data folder: tantivy, which is named here only."""

from search.embedded.backend import EmbeddedBackend

__all__ = ["EmbeddedBackend"]
