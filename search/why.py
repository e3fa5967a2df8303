"""Why a passage was found: for each word asked for, the word there that answers it, and how it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from search.analyser import Terms, analyse
from search.contract import Passage, Place, Reason, Way
from search.highlight import phrase_starts
from search.plan import Alternatives, Plan
from search.tokens import Token, norm_of, respelling_key, respelling_keys

NEAREST_FIRST: tuple[Way, ...] = ("word", "form", "beginning", "spelling", "part", "apart", "like")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text of a passage and its tokens."""

    place: Place
    text: str
    tokens: Sequence[tuple[Token, Terms]]


def reasons(passage: Passage, plan: Plan) -> tuple[Reason, ...]:
    """A reason for each phrase and each word that the passage has: the nearest, and of equals the first."""
    titles = (passage.title, passage.body, passage.municipality)
    said: list[tuple[Place, str]] = [("text", passage.text), ("item", passage.item_title or "")]
    said += [("meeting", title) for title in titles] + [("speaker", passage.speaker or "")]
    texts = [_Text(place, text, analyse(text)) for place, text in said]
    found = [reason for phrase in plan.phrases if (reason := _phrase(phrase, texts))]
    found += [reason for word in plan.words if (reason := _word(word, texts))]
    return tuple(found)


def _word(word: Alternatives, texts: Sequence[_Text]) -> Reason | None:
    everything = [terms for text in texts for _, terms in text.tokens]
    apart = word.apart if all(part.said_in(everything) for part in word.apart) else ()
    answers = (
        Reason(word.surface, token.surface, way, text.place)
        for text in texts
        for token, terms in text.tokens
        if (way := _way(word, apart, terms))
    )
    return min(answers, key=lambda reason: NEAREST_FIRST.index(reason.way), default=None)


def _way(word: Alternatives, apart: Sequence[Alternatives], found: Terms) -> Way | None:
    """How a token with these terms answers the word; None where it does not."""
    norm = norm_of(word.surface)
    if found.norm == norm and norm in word.norms:
        return "word"
    if any(lemma in word.lemmas for lemma in found.lemmas):
        return "form"
    if word.prefix is not None and found.norm.startswith(word.prefix):
        return "beginning"
    if found.norm in word.norms:
        return "spelling" if respelling_key(found.norm) in respelling_keys(norm) else "like"
    if any(part in word.parts for part in found.parts) or any(whole in word.within for whole in found.lemmas):
        return "part"
    return "apart" if any(part.match(found) for part in apart) else None


def _phrase(phrase: tuple[str, ...], texts: Sequence[_Text]) -> Reason | None:
    for text in texts:
        for at in phrase_starts(text.tokens, phrase):
            said = text.text[text.tokens[at][0].start : text.tokens[at + len(phrase) - 1][0].end]
            return Reason(said, said, "phrase", text.place)
    return None
