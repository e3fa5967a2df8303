"""Queries whose answer is known: a few words of one passage, typed as people type them.

The other forms of words and the parts of compounds come from a treebank (CoNLL-U with gold lemmas), what a
recogniser makes of words from its own transcripts beside the official ones: neither is a source of the analyser.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from search import Passage

WORDS = 3  # a query takes this many of its passage
SHORTEST = 4  # letters of a word that is taken
SHORTEST_PASSAGE = 12  # words
COMMONEST = 0.02  # the share of passages a word may be in: nobody types "ikke" to find something
ENDINGS = frozenset("skab hed heder ning else ende lige elig ling".split())  # derive, and are no words here
_ENDS = ("", "en", "et", "n", "er", "ne", "erne", "r", "s", "ens", "ets")
_WORD = re.compile(r"[a-zæøåé]+(?:-[a-zæøåé]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Query:
    """What is typed, and the passage it was made from."""

    kind: str
    text: str
    target: Passage


@dataclass(frozen=True)
class Treebank:
    """Word forms by lemma and class, from gold annotation."""

    forms: dict[tuple[str, str], frozenset[str]]

    @classmethod
    def read(cls, files: Iterable[Path]) -> Treebank:
        forms: dict[tuple[str, str], set[str]] = defaultdict(set)
        for file in files:
            for line in file.read_text(encoding="utf-8").splitlines():
                columns = line.split("\t")
                if len(columns) > 3 and columns[3] in ("NOUN", "VERB", "ADJ"):
                    forms[columns[2].lower(), columns[3]].add(columns[1].lower())
        return cls({key: frozenset(found) for key, found in forms.items()})

    def other_forms(self, common: Set[str]) -> dict[str, tuple[str, ...]]:
        """For each form that belongs to one lemma only: that lemma's other forms, but the too common ones."""
        lemmas: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for key, forms in self.forms.items():
            for form in forms:
                lemmas[form].add(key)
        single = {form: next(iter(keys)) for form, keys in lemmas.items() if len(keys) == 1}
        found = {form: tuple(sorted(self.forms[key] - {form} - common)) for form, key in single.items()}
        return {form: others for form, others in found.items() if others and form.isalpha()}

    def nouns(self) -> frozenset[str]:
        """Nouns in dictionary form, those that a compound may be made of."""
        lemmas = {lemma for lemma, kind in self.forms if kind == "NOUN" and lemma.isalpha()}
        return frozenset(word for word in lemmas if len(word) >= SHORTEST) - ENDINGS


def queries(
    meetings: Sequence[tuple[str, Sequence[Passage]]],
    treebank: Treebank,
    heard: Path,
    each: int,
    seed: int = 1,
) -> Iterator[Query]:
    """So many queries of each kind, every one of another passage."""
    supply = [
        p for _, passages in meetings for p in passages if len(_WORD.findall(p.text)) >= SHORTEST_PASSAGE
    ]
    everything = Counter(word for _, passages in meetings for p in passages for word in set(_said(p)))
    common = {w for w, n in everything.items() if n > COMMONEST * sum(len(p) for _, p in meetings)}
    others, nouns, misheard = treebank.other_forms(common), treebank.nouns(), read_misheard(heard)
    kinds: dict[str, Callable[[list[str], random.Random], list[str] | None]] = {
        "same words": _pick,
        "inflected": lambda words, chance: _every(words, chance, lambda w: _one(others.get(w, ()), chance)),
        "part of a compound": lambda words, chance: _some(
            words, chance, lambda w: _one(_parts(w, nouns), chance)
        ),
        "æ ø å spelled out": lambda words, chance: _some(words, chance, lambda w: _changed(w, _spelled_out)),
        "æ ø å left bare": lambda words, chance: _some(words, chance, lambda w: _changed(w, _bare)),
        "one typo": lambda words, chance: _some(words, chance, lambda w: _typo(w, chance)),
        "misheard": lambda words, chance: _some(words, chance, lambda w: _one(misheard.get(w, ()), chance)),
    }
    for kind, make in kinds.items():
        chance = random.Random(f"{seed} {kind}")
        order = supply[:]
        chance.shuffle(order)
        made = 0
        for passage in order:
            words = make([word for word in _telling(passage) if word not in common], chance)
            if words is not None:
                yield Query(kind, " ".join(words), passage)
                made += 1
            if made == each:
                break


def _said(passage: Passage) -> list[str]:
    return [match.group().lower() for match in _WORD.finditer(passage.text)]


def _telling(passage: Passage) -> list[str]:
    return list(dict.fromkeys(word for word in _said(passage) if len(word) >= SHORTEST and word.isalpha()))


def _pick(words: list[str], chance: random.Random) -> list[str] | None:
    if len(words) < WORDS:
        return None
    taken = set(chance.sample(words, WORDS))
    return [word for word in words if word in taken]  # in the order they were said


def _every(words: list[str], chance: random.Random, change: Callable[[str], str | None]) -> list[str] | None:
    """Three words, each of them changed."""
    changed = {word: other for word in words if (other := change(word))}
    if len(changed) < WORDS:
        return None
    taken = set(chance.sample(sorted(changed), WORDS))
    return [changed[word] for word in changed if word in taken]


def _some(words: list[str], chance: random.Random, change: Callable[[str], str | None]) -> list[str] | None:
    """Three words, one of them changed."""
    if len(words) < WORDS:
        return None
    for word in chance.sample(words, len(words)):
        other = change(word)
        if other and other != word:
            rest = chance.sample([w for w in words if w != word], WORDS - 1)
            query = [other, *rest]
            chance.shuffle(query)
            return query
    return None


def _one(choices: Sequence[str], chance: random.Random) -> str | None:
    return chance.choice(choices) if choices else None


def _parts(word: str, nouns: frozenset[str]) -> tuple[str, ...]:
    """The two nouns a word is made of, in dictionary form; none where it is not made so."""
    if any(word.startswith(noun) and word[len(noun) :] in _ENDS for noun in nouns):
        return ()  # danskerne is no kind of kerne
    for place in range(SHORTEST, len(word) - SHORTEST + 1):
        head = word[place:]
        for ending in _ENDS:
            if head.removesuffix(ending) not in nouns or not head.endswith(ending):
                continue
            for link in ("", "s", "e"):
                front = word[:place].removesuffix(link)
                if word[:place].endswith(link) and front in nouns and word not in nouns:
                    return front, head.removesuffix(ending)
    return ()


def _changed(word: str, change: Callable[[str], str]) -> str | None:
    return other if (other := change(word)) != word else None


def _spelled_out(word: str) -> str:
    return word.replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def _bare(word: str) -> str:
    return word.replace("æ", "ae").replace("ø", "o").replace("å", "a")


def _typo(word: str, chance: random.Random) -> str | None:
    """A letter changed, left out, doubled in, or two swapped; in words of five letters and more."""
    if len(word) < 5:
        return None
    at, letter = chance.randrange(len(word)), chance.choice("abdefghiklmnoprstuvyæøå")
    kind = chance.choice(("change", "drop", "add", "swap"))
    if kind == "change":
        return word[:at] + letter + word[at + 1 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "add":
        return word[:at] + letter + word[at:]
    at = min(at, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def read_misheard(file: Path) -> dict[str, tuple[str, ...]]:
    """Words of the official record and what recognisers wrote in their place, one word for one word."""
    found: dict[str, set[str]] = defaultdict(set)
    for clip in json.loads(file.read_text(encoding="utf-8")):
        said = [w.lower() for w in _WORD.findall(clip["folketinget"])]
        for name, text in clip.items():
            if name in ("file", "folketinget") or not isinstance(text, str):
                continue
            heard = [w.lower() for w in _WORD.findall(text)]
            for tag, a, b, c, d in SequenceMatcher(None, said, heard, autojunk=False).get_opcodes():
                if tag == "replace" and b - a == d - c == 1 and _alike(said[a], heard[c]):
                    found[said[a]].add(heard[c])
    return {word: tuple(sorted(others)) for word, others in found.items() if len(word) >= SHORTEST}


def _alike(said: str, heard: str) -> bool:
    """The recogniser heard this word wrong, and did not skip to another."""
    return len(heard) >= SHORTEST and SequenceMatcher(None, said, heard).ratio() >= 0.5
