"""A live stream becomes a recording while it is broadcast: safe on disk as it grows, its gaps noted."""

from ingest.live.joining import Joined, join
from ingest.live.journal import Finished, Journal
from ingest.live.recorder import Asked, End, Recorder, State

__all__ = ["Asked", "End", "Finished", "Joined", "Journal", "Recorder", "State", "join"]
