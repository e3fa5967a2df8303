"""Which words of a passage are the hit: found in the canonical text, the same for both engines."""

from __future__ import annotations

from search.analyser import Terms, analyse
from search.contract import Hit, Passage
from search.plan import Plan
from search.tokens import Token


def make_hit(passage: Passage, plan: Plan) -> Hit:
    """The passage with its highlights, and the second of the first sentence that has one."""
    highlights = highlight(passage.text, plan)
    first = highlights[0][0] if highlights else 0
    start = next((at for place, at, _ in reversed(passage.sentences) if place <= first), passage.start)
    return Hit(passage, highlights, start)


def highlight(text: str, plan: Plan) -> tuple[tuple[int, int], ...]:
    """Character ranges of the words that match, in order; those of a phrase only where it stands whole."""
    tokens = analyse(text)
    marked = {n for n, (_, found) in enumerate(tokens) if any(word.match(found) for word in plan.words)}
    for phrase in plan.phrases:
        marked |= _phrase(tokens, phrase)
    return tuple((tokens[n][0].start, tokens[n][0].end) for n in sorted(marked))


def _phrase(tokens: list[tuple[Token, Terms]], phrase: tuple[str, ...]) -> set[int]:
    norms = [found.norm for _, found in tokens]
    length = len(phrase)
    return {
        n
        for at in range(len(norms) - length + 1)
        if tuple(norms[at : at + length]) == phrase
        for n in range(at, at + length)
    }
