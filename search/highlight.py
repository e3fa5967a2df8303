"""Which words of a passage are the hit: found in the canonical text, the same for both engines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from search.analyser import Terms, analyse, places
from search.contract import Hit, Passage
from search.plan import Alternatives, Plan
from search.stored import context
from search.tokens import Token


def make_hit(passage: Passage, plan: Plan) -> Hit:
    """The passage with its highlights, and the second of the first sentence that has one."""
    titles = context(passage)
    highlights = highlight(passage.text, plan, beside=titles)
    first = highlights[0][0] if highlights else 0
    start = next((at for place, at, _ in reversed(passage.sentences) if place <= first), passage.start)
    said = f"{passage.text}\n{titles}"
    return Hit(
        passage,
        highlights,
        start,
        missing=_missing(said, plan),
        item_highlights=highlight(passage.item_title or "", plan, beside=said),
        title_highlights=highlight(passage.title, plan, beside=said),
    )


def _missing(text: str, plan: Plan) -> tuple[str, ...]:
    if plan.at_least is None:
        return ()
    said = [found for _, found in analyse(text)]
    return tuple(word.surface for word in plan.words if not word.said_in(said))


def highlight(text: str, plan: Plan, beside: str = "") -> tuple[tuple[int, int], ...]:
    """Character ranges of the words that match, in order; those of a phrase only where it stands whole.

    Of a compound only the part that was meant: "skole" marks "Folke|skolen|". A part of a compound that is said
    apart is marked if the others stand in the text or `beside` it.
    """
    tokens = analyse(text)
    marked = set[tuple[int, int]]()
    terms = [found for _, found in (*tokens, *analyse(beside))]
    words = [way for word in plan.words for way in word.said_in(terms)]
    for token, found in tokens:
        marked |= _marks(token, found, words)
    for phrase in plan.phrases:
        of_phrase = (n for at in phrase_starts(tokens, phrase) for n in range(at, at + len(phrase)))
        marked |= {(tokens[n][0].start, tokens[n][0].end) for n in of_phrase}
    return tuple(_joined(sorted(marked)))


def _marks(token: Token, found: Terms, words: Sequence[Alternatives]) -> set[tuple[int, int]]:
    if any(word.match_whole(found) for word in words):
        return {(token.start, token.end)}
    wanted = {part for part in found.parts if any(part in word.parts for word in words)}
    inside = [(a, b) for part, a, b in places(token.surface) if part in wanted] if wanted else []
    return {(token.start + a, token.start + b) for a, b in inside}


def _joined(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges that overlap or touch as one."""
    begin = end = -1
    for a, b in ranges:
        if a > end:
            if begin >= 0:
                yield begin, end
            begin, end = a, b
        else:
            end = max(end, b)
    if begin >= 0:
        yield begin, end


def phrase_starts(tokens: Sequence[tuple[Token, Terms]], phrase: tuple[str, ...]) -> Iterator[int]:
    """The places among the tokens at which the phrase begins."""
    norms, length = [found.norm for _, found in tokens], len(phrase)
    return (at for at in range(len(norms) - length + 1) if tuple(norms[at : at + length]) == phrase)
