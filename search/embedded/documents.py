"""How a passage lies in a tantivy index: its fields, and a document of them."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from tantivy import Document, Schema, SchemaBuilder

from search.analyser import all_terms
from search.contract import FACETS, Passage
from search.stored import (
    context,
    day_number,
    dump_passage,
    facet_values,
    heading,
    marked,
    newest_key,
    norms,
    oldest_key,
)

FACET_FIELDS = ("meeting", *FACETS)


def make_schema() -> Schema:
    builder = SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in FACET_FIELDS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("section", indexed=True, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    builder.add_unsigned_field("oldest", fast=True)
    builder.add_unsigned_field("newest", fast=True)
    builder.add_text_field("norm", tokenizer_name="spaced", index_option="position")
    builder.add_text_field("lemma", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("parts", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("heading", tokenizer_name="spaced", index_option="position")
    builder.add_text_field("titles", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("context", tokenizer_name="spaced", index_option="basic")
    builder.add_text_field("passage", stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def make_document(passage: Passage, schema: Schema) -> Document:
    found = all_terms(passage.text)
    fields: dict[str, Any] = {name: [value] for name, value in facet_values(passage).items()}
    fields |= {
        "section": [section_number(passage.section)],
        "id": [passage.id],
        "day": [day_number(passage.date)],
        "oldest": [oldest_key(passage)],
        "newest": [newest_key(passage)],
        "norm": [" ".join(f.norm for f in found)],
        "lemma": [" ".join(lemma for f in found for lemma in f.lemmas)],
        "parts": [" ".join(part for f in found for part in f.parts)],
        "heading": [norms(heading(passage))],
        "titles": [" ".join(marked(heading(passage)))],
        "context": [" ".join(marked(context(passage)))],
        "passage": [dump_passage(passage)],
    }
    return Document.from_dict(fields, schema)


def section_number(section: str) -> int:
    """A number that stands for an agenda item: faster to count and compare than its name.

    52 bits, so that it survives the way through JSON as a float; two of a million items share one in 10,000 archives.
    """
    return int.from_bytes(blake2b(section.encode(), digest_size=8).digest()) >> 12
