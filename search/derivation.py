"""From what is done to doing it: lukning → lukke, udvidelse → udvide."""

from __future__ import annotations

from functools import lru_cache

from search.lemmas import is_word, lemma

ENDINGS = (
    "ning",
    "else",
)  # of nouns made from verbs (Hansen and Heltoft, Grammatik over det Danske Sprog, 2011)
SHORTEST = 3  # letters before the ending


@lru_cache(maxsize=65536)
def verb(noun: str) -> str | None:
    """The verb that a lower-case noun in dictionary form is made from; None where it is made from none."""
    for ending in ENDINGS:
        root = noun.removesuffix(ending)
        if root == noun or len(root) < SHORTEST:
            continue
        # Doubled first: "bygning" is of bygge, not of byge.
        for infinitive in (f"{root}{root[-1]}e", f"{root}e"):
            if is_word(infinitive) and lemma(infinitive) == infinitive:
                return infinitive
    return None
