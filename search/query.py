"""The query language as people type it, to a small tree. Nothing that is typed is an error.

cykelsti strandvejen     both words, inflected or in compounds too; the last one may be unfinished
"ny cykelsti"            exactly these words in this order
-vindmøller  -"…"        without
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.tokens import Token, tokenise

MOST_WORDS = 10
# Words that say nothing on their own; dropped outside quotes unless nothing else was typed.
STOP_WORDS = frozenset(
    (
        "af alle at blandt da de dem den der deres det dette dig din dog du efter eller en end er et for "
        "fra ham han hans har have havde hen her hos hun hvad hvem hvilke hvilken hvilket hvis hvor hvordan hvorfor "
        "hvornår i ikke ind jeg jer jo kan kunne man mange med men mener mente mig min mod ned noget nogle nu når og "
        "også om op os over på sagde sagt selv sig sige siger sin skal skulle som sådan thi til ud under var vi vil "
        "ville vor være været "
    ).split()
)
# "§ 18" is one word, as it is in the text (tokens.py).
_PIECE = re.compile(
    r'(?P<minus>(?<!\S)[-−])?(?:["“”»«](?P<phrase>[^"“”»«]*)["“”»«]?|(?P<word>§+\s?\d+|[^\s"“”»«]+))'
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word; `prefix`: it may be the beginning of a longer one."""

    token: Token
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order."""

    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """All of `words` and `phrases`, none of `without`."""

    words: tuple[Word, ...]
    phrases: tuple[Phrase, ...]
    without: tuple[Word | Phrase, ...]


def parse_query(text: str) -> Query:
    """What was typed, as a tree of at most `MOST_WORDS` words."""
    words: list[Word] = []
    phrases: list[Phrase] = []
    without: list[Word | Phrase] = []
    left = MOST_WORDS
    for piece in _PIECE.finditer(text):
        quoted = piece["phrase"] is not None
        tokens = tuple(tokenise(piece["phrase"] if quoted else piece["word"]))[:left]
        left -= len(tokens)
        if not tokens:
            continue
        if piece["minus"]:
            without.append(Phrase(tokens) if len(tokens) > 1 else Word(tokens[0]))
        elif quoted:
            phrases.append(Phrase(tokens))
        else:
            unfinished = piece.end() == len(text)
            words += [Word(t, prefix=unfinished and t is tokens[-1]) for t in tokens]
    return Query(_telling(words, bool(phrases)), tuple(phrases), tuple(without))


def unfinished(text: str) -> tuple[str, Token] | None:
    """The word at the end that may go on, and all that stands before it; None in quotes and behind a minus."""
    pieces = list(_PIECE.finditer(text))
    last = pieces[-1] if pieces else None
    if last is None or last["word"] is None or last["minus"] or last.end() != len(text):
        return None
    tokens = list(tokenise(last["word"]))
    if not tokens or tokens[-1].end != len(last["word"]):
        return None
    return text[: last.start("word") + tokens[-1].start], tokens[-1]


def _telling(words: list[Word], has_phrases: bool) -> tuple[Word, ...]:
    telling = [w for w in words if w.token.surface.lower() not in STOP_WORDS]
    return tuple(telling if telling or has_phrases else words)
