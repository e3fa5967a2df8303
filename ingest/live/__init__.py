"""A live stream becomes a recording while it is broadcast: safe on disk as it grows, its gaps noted."""

from ingest.live.holes import lay_out
from ingest.live.joining import Joined, drop_half_joined, joined, room_needed
from ingest.live.journal import PLAY_SEGMENTS, DamagedJournal, Entries, Finished, Journal, Taken
from ingest.live.recorder import Asked, End, Recorder, State, names_of

__all__ = [
    "Asked",
    "DamagedJournal",
    "End",
    "Entries",
    "Finished",
    "Joined",
    "Journal",
    "PLAY_SEGMENTS",
    "Recorder",
    "State",
    "Taken",
    "drop_half_joined",
    "joined",
    "lay_out",
    "names_of",
    "room_needed",
]
