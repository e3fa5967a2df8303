"""The tables of the open data: their columns, described once for people, for JSON Schema and for Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

VERSION = 1  # grows when a column changes its name or meaning; a new one at the end does not count


@dataclass(frozen=True, slots=True)
class Kind:
    """What a column holds: as JSON Schema has it, and as SQL has it."""

    json: dict[str, Any]
    sql: str


TEXT = Kind({"type": "string"}, "VARCHAR")
WHOLE = Kind({"type": "integer"}, "BIGINT")
NUMBER = Kind({"type": "number"}, "DOUBLE")
YES_NO = Kind({"type": "boolean"}, "BOOLEAN")
DAY = Kind({"type": "string", "format": "date"}, "DATE")
MOMENT = Kind({"type": "string", "format": "date-time"}, "TIMESTAMPTZ")


def _json(kind: Kind, nullable: bool) -> dict[str, Any]:
    return {**kind.json, "type": [kind.json["type"], "null"]} if nullable else dict(kind.json)


def _structs(**columns: tuple[Kind, bool]) -> Kind:
    """A list of records; of each column its kind and whether it may be null."""
    sql = ", ".join(f'"{name}" {kind.sql}' for name, (kind, _) in columns.items())
    properties = {name: _json(kind, nullable) for name, (kind, nullable) in columns.items()}
    row = {
        "type": "object",
        "properties": properties,
        "required": list(columns),
        "additionalProperties": False,
    }
    return Kind({"type": "array", "items": row}, f"STRUCT({sql})[]")


GAPS = _structs(start=(NUMBER, False), end=(NUMBER, True))
PAPERS = _structs(name=(TEXT, False), url=(TEXT, True))


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    said: str
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file of rows. Every row says which meeting it is of."""

    name: str
    said: str
    columns: tuple[Column, ...]

    def json_schema(self) -> dict[str, Any]:
        """What every line of the JSONL file is (JSON Schema 2020-12)."""
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": self.name,
            "description": self.said,
            "type": "object",
            "properties": {
                c.name: {**_json(c.kind, c.nullable), "description": c.said} for c in self.columns
            },
            "required": [c.name for c in self.columns],
            "additionalProperties": False,
        }


_MEETING = Column("meeting", TEXT, "The meeting's id.")
_CLOCK = "Seconds on the meeting's clock."

TABLES = (
    Table(
        "meetings",
        "The public meetings.",
        (
            Column("id", TEXT, "Stable, readable, and part of every address."),
            Column("title", TEXT, "As published."),
            Column("date", DAY, "The day it was held.", nullable=True),
            Column("body", TEXT, "The council or committee."),
            Column("municipality", TEXT, "The municipality."),
            Column("duration", NUMBER, "Seconds."),
            Column("items", WHOLE, "How many agenda items it has."),
            Column("sentences", WHOLE, "How many sentences are public."),
            Column("withheld", GAPS, "Stretches that are left out; `end` is null where it has no known end."),
            Column("revision", WHOLE, "Grows with every change of the meeting."),
            Column("url", TEXT, "Its page."),
        ),
    ),
    Table(
        "recordings",
        "The recordings of the meetings.",
        (
            _MEETING,
            Column("ordinal", WHOLE, "Its number in the meeting, from 1."),
            Column("offset", NUMBER, "The second of the meeting at which it begins."),
            Column("duration", NUMBER, "Seconds.", nullable=True),
            Column("has_video", YES_NO, "Whether it has a picture."),
            Column("media", TEXT, "The file to play.", nullable=True),
            Column("origin", TEXT, "Where its text is from: `captions` or `model`.", nullable=True),
            Column("model", TEXT, "The speech model that heard it.", nullable=True),
            Column("model_revision", TEXT, "The model's revision.", nullable=True),
        ),
    ),
    Table(
        "items",
        "The agenda items. A closed one has its number only.",
        (
            _MEETING,
            Column("position", WHOLE, "Its place in the agenda, from 1."),
            Column("number", TEXT, "As published."),
            Column("title", TEXT, "As published."),
            Column("case", TEXT, "The case number; empty where there is none."),
            Column("open", YES_NO, "False: closed, or withheld by a person."),
            Column("outcome", TEXT, "The decision, when the minutes have come."),
            Column("status", TEXT, "`discussed`, `joint`, `withdrawn`, `closed` or `not_found`."),
            Column("start", NUMBER, _CLOCK, nullable=True),
            Column("end", NUMBER, _CLOCK, nullable=True),
            Column("confidence", NUMBER, "The machine's own, 0 to 1; 0 where it has none."),
            Column("set_by", TEXT, "Who placed it: `machine`, `publisher` or `person`."),
            Column("evidence_at", NUMBER, "When the words were said that placed it.", nullable=True),
            Column("evidence", TEXT, "Those words.", nullable=True),
            Column("url", TEXT, "The publisher's own page of it.", nullable=True),
            Column("attachments", PAPERS, "Its documents at the publisher."),
        ),
    ),
    Table(
        "sentences",
        "What was said, sentence by sentence.",
        (
            _MEETING,
            Column("sentence", WHOLE, "Its place in the meeting as it is now, from 1."),
            Column("start", NUMBER, _CLOCK),
            Column("end", NUMBER, _CLOCK),
            Column("text", TEXT, "The words."),
            Column("speaker", TEXT, "Who said it, where the source tells.", nullable=True),
            Column("item", WHOLE, "The position of the agenda item it was said under.", nullable=True),
            Column("recording", WHOLE, "The recording's ordinal."),
            Column("corrected", YES_NO, "Whether a person corrected it."),
            Column("doubt", TEXT, "Why the speech model is not to be trusted here; empty where it is."),
        ),
    ),
    Table(
        "words",
        "The words that a speech model heard, each with its time. None of a sentence that a person corrected.",
        (
            _MEETING,
            Column("sentence", WHOLE, "The sentence it is in."),
            Column("start", NUMBER, _CLOCK),
            Column("end", NUMBER, _CLOCK),
            Column("word", TEXT, "The word, with the signs around it."),
            Column("probability", NUMBER, "The model's own, 0 to 1."),
        ),
    ),
    Table(
        "edits",
        "What people changed; one that names several items is a row for each.",
        (
            _MEETING,
            Column("kind", TEXT, "`correction`, `redaction`, `close`, `open`, `boundary` or `unset`."),
            Column("at", MOMENT, "When."),
            Column("start", NUMBER, _CLOCK, nullable=True),
            Column("end", NUMBER, _CLOCK, nullable=True),
            Column("item", WHOLE, "The position of the item that it is about.", nullable=True),
        ),
    ),
)
