"""tantivy and Meilisearch as they come, without our analysis: what the engines alone would find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import meilisearch
import tantivy

from search import Passage

Ask = Callable[[str], Sequence[tuple[str, str]]]
FIRST = 10
WAIT_MS = 600_000


def plain_tantivy(meetings: Iterable[tuple[str, Sequence[Passage]]]) -> Ask:
    """Its default tokenizer and query parser, every word required."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("meeting", stored=True)
    builder.add_text_field("text", stored=True)
    index = tantivy.Index(builder.build())
    writer = index.writer()
    for meeting, passages in meetings:
        for passage in passages:
            writer.add_document(tantivy.Document(meeting=meeting, text=passage.text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(text: str) -> Sequence[tuple[str, str]]:
        query, _ = index.parse_query_lenient(" AND ".join(text.split()), ["text"])
        found = [searcher.doc(address) for _, address in searcher.search(query, FIRST).hits]
        return [(document["meeting"][0], document["text"][0]) for document in found]

    return ask


def plain_meilisearch(meetings: Iterable[tuple[str, Sequence[Passage]]], url: str, key: str | None) -> Ask:
    """Its default settings over the text alone."""
    client = meilisearch.Client(url, key)
    index = client.index("plain")
    client.wait_for_task(client.create_index("plain", {"primaryKey": "id"}).task_uid, WAIT_MS)
    client.wait_for_task(index.update_searchable_attributes(["text"]).task_uid, WAIT_MS)
    documents = [
        {"id": passage.id, "meeting": meeting, "text": passage.text}
        for meeting, passages in meetings
        for passage in passages
    ]
    client.wait_for_task(index.add_documents(documents).task_uid, WAIT_MS)

    def ask(text: str) -> Sequence[tuple[str, str]]:
        found = index.search(text, {"limit": FIRST})["hits"]
        return [(hit["meeting"], hit["text"]) for hit in found]

    return ask
