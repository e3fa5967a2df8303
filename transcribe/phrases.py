"""Where Danish text may be broken: into captions, and a caption into lines.

A break costs the more, the more it tears apart. Over all breaks of a passage the cheapest set is taken, by
dynamic programming over a window of two lines, so the work grows with the text and not with its square. The
order of the costs is the Line Treatment of the guideline in `transcribe.captions`; the word lists say what is
a conjunction, preposition or determiner in Danish. They are closed classes, so a list is enough; adjectives
are not, so they are known by their endings, and some are missed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

CHARACTERS_A_LINE = 42
LINES_A_CUE = 2

# What a break costs, by what it separates.
SENTENCE, CLAUSE, CONJUNCTION, PREPOSITION, PLAIN, CLOSE, BOUND = 0.0, 1.0, 3.0, 5.0, 8.0, 12.0, 40.0
_CUE = 9.0  # one more cue
_APART = 1.5  # a break between cues tears more than one between lines
_FLEETING = 60.0  # a cue that cannot stay for the minimum time
_HURRIED = 12.0  # a second that a cue lacks to be read
_EMPTY = 20.0  # an empty cue; falls with the square of what is in it, which makes neighbours equal
_RAGGED = 4.0  # lines of one cue, one empty and one full
_TOP_HEAVY = 0.5  # of two equally good breaks, the one with the shorter line first
_IMPOSSIBLE = 1e9
_MOST_ENDS, _MOST_BREAKS = 6, 6  # tried from one place; bounds the work where every word is one letter

_CONJUNCTIONS = frozenset(
    "og men eller samt så at som der når hvis fordi da hvor hvad hvem hvilken hvilket hvilke hvordan hvorfor"
    " hvornår mens selvom skønt før end enten hverken både medmindre ligesom idet eftersom såfremt altså".split()
)
_PREPOSITIONS = frozenset(
    "i på med til af for fra om ved under over efter mellem mod hos uden gennem igennem inden siden ad bag"
    " blandt foran trods via per pr omkring langs udover indtil vedrørende ifølge imod".split()
)
_DETERMINERS = frozenset(
    "en et den det de denne dette disse min mit mine din dit dine sin sit sine vores jeres deres hans hendes"
    " dens dets hver hvert alle nogle nogen noget ingen intet hele begge mange flere få samme anden andet andre"
    " første sidste næste ny nyt nye stor stort store god gode lille små lang lange gammel gamle egen eget egne"
    " meget mere mest helt ret to tre fire fem seks syv otte ni ti elleve tolv tyve hundrede tusind millioner"
    " milliarder hr fru frk nr kl ca pkt stk dr § artikel paragraf punkt".split()
)
_PRONOUNS = frozenset("jeg du han hun vi man i de det den mig dig os jer dem ham hende".split())
_WITH_THE_VERB = _PRONOUNS | frozenset("ikke aldrig sig der ud ind op ned hen frem".split())
_AUXILIARIES = frozenset(
    "har havde er var vil ville kan kunne skal skulle må måtte bør burde bliver blev være været blive få får fik"
    " have haft lad lader gør".split()
)
_TITLES = frozenset("hr fr frk dr nr kl pkt stk st sct prof ca bl.a f.eks".split())
_ADJECTIVE = re.compile(r"(?:[^\W\d_]{2,})(?:ig|isk|som|bar|løs|end|sk)(?:e|t)?")
_CLOSING = "\"'”’«»)]"
_AROUND = "\"'”“’«»()[].,;:!?…"
_JOINERS = "\u200d\ufe0e\ufe0f"  # what ties an emoji together
_DASHES = frozenset(("-", "–", "—"))


@dataclass(frozen=True, slots=True)
class Passage:
    """Words to be broken: `starts` are their seconds and, last, when something else begins.

    `reach[i]` is the furthest place where a cue that begins with word i may end; `indent` is the room that a
    name takes on the first line.
    """

    words: Sequence[str]
    starts: Sequence[float]
    reach: Sequence[int]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """One cue's words, from `start` until before `end`; the second line begins at `second` (None: one line)."""

    start: int
    end: int
    second: int | None


@dataclass(frozen=True, slots=True)
class _Word:
    """What matters of a word at a break. Kept for each form, for a meeting says the same ones again and again."""

    bare: str
    ends_clause: bool
    ends_sentence: bool
    dotted: bool  # ends with a full stop
    capital: bool
    digit: bool
    opens: float  # the cost of a break before it


def blocks(passage: Passage, shortest: float, speed: float) -> list[Block]:
    """The cues of a passage, each of at most two lines.

    One that must go before `shortest` seconds, or before it is read at `speed` characters a second, is avoided.
    """
    count = len(passage.words)
    at = _offsets(passage.words)
    if count and passage.indent + at[count] - 1 <= CHARACTERS_A_LINE and passage.reach[0] >= count:
        return [Block(0, count, None)]
    breaks = [SENTENCE, *map(break_cost, passage.words, passage.words[1:]), SENTENCE]
    costs = [0.0] + [float("inf")] * count
    best: list[Block | None] = [None] * (count + 1)
    for start in range(count):
        if costs[start] == float("inf"):
            continue
        indent = 0 if start else passage.indent
        for end, second, cost in _from(start, at, breaks, passage.reach[start], indent):
            room = passage.starts[end] - passage.starts[start]
            to_read = (indent + at[end] - at[start] - 1) / speed
            cost += (
                costs[start] + _HURRIED * max(0.0, to_read - room) + (_FLEETING if room < shortest else 0.0)
            )
            if cost < costs[end]:
                costs[end], best[end] = cost, Block(start, end, second)
    return _walk_back(best)


def _walk_back(best: Sequence[Block | None]) -> list[Block]:
    found = []
    block = best[-1]
    while block is not None:
        found.append(block)
        block = best[block.start]
    return found[::-1]


def _offsets(words: Sequence[str]) -> list[int]:
    """Where each word begins in the text, and where one after the last would."""
    found = [0]
    for word in words:
        found.append(found[-1] + len(word) + 1)
    return found


def _from(
    start: int, at: Sequence[int], breaks: Sequence[float], reach: int, indent: int
) -> list[tuple[int, int | None, float]]:
    """The cues that may begin here: end, second line, cost. There is always one: no word is longer than a line."""
    room = CHARACTERS_A_LINE + 1
    last = min(bisect_right(at, at[start] + 2 * room - indent) - 1, reach)
    places = range(start + 1, max(last, start + 1) + 1)
    for tried in ([place for place in places if breaks[place] < BOUND], list(places)):
        if len(tried) > _MOST_ENDS:
            tried = sorted(tried, key=lambda place: (breaks[place], -place))[:_MOST_ENDS]
        found = []
        for end in tried:
            cost, second = _second_line(start, end, at, breaks, indent)
            if cost < _IMPOSSIBLE:
                found.append((end, second, cost + _APART * breaks[end]))
        if found:
            return found
    return [(start + 1, start if indent else None, 0.0)]


def _second_line(
    start: int, end: int, at: Sequence[int], breaks: Sequence[float], indent: int
) -> tuple[float, int | None]:
    """What a cue costs, and where its second line best begins."""
    room = CHARACTERS_A_LINE + 1
    length = indent + at[end] - at[start] - 1
    empty = max(0.0, 1 - length / (LINES_A_CUE * CHARACTERS_A_LINE))
    cost = _CUE + _EMPTY * empty * empty
    if length <= CHARACTERS_A_LINE:
        return cost, None
    first = max(bisect_left(at, at[end] - room), start if indent else start + 1)
    last = min(bisect_right(at, at[start] + room - indent) - 1, end - 1)
    if last - first >= _MOST_BREAKS:  # those nearest the middle
        middle = bisect_left(at, (at[start] + at[end] - indent) // 2)
        first = max(first, min(middle - _MOST_BREAKS // 2, last - _MOST_BREAKS + 1))
        last = min(last, first + _MOST_BREAKS - 1)
    torn, second = _IMPOSSIBLE, None
    for place in range(first, last + 1):
        above, below = indent + at[place] - at[start], at[end] - at[place]
        here = CLAUSE if place == start else breaks[place]
        here += _RAGGED * abs(above - below) / CHARACTERS_A_LINE + (_TOP_HEAVY if above > below else 0.0)
        if here < torn:
            torn, second = here, place
    return cost + torn, second


def break_cost(before: str, after: str) -> float:
    """What it costs to break between two words, from `SENTENCE` (nothing) to `BOUND` (only where it must be)."""
    left, right = _known(before), _known(after)
    if after in _DASHES:
        return BOUND  # a line that begins with a dash reads as another speaker
    if left.dotted and (left.bare in _TITLES or not (right.capital or right.digit)):
        return BOUND  # an abbreviation or an ordinal, not the end of a sentence
    if left.ends_sentence:
        return SENTENCE
    if left.ends_clause:
        return CLAUSE
    if _belongs(left, right, after):
        return BOUND
    if _by_the_verb(left, right):
        return CLOSE
    return right.opens


def _belongs(left: _Word, right: _Word, after: str) -> bool:
    """Whether two words are one phrase: a function word and its noun, an adjective, a name, a number."""
    if left.bare in _CONJUNCTIONS or left.bare in _PREPOSITIONS:
        return True
    if left.bare in _DETERMINERS:
        return right.opens >= PLAIN
    if right.digit or (left.digit and right.opens >= PLAIN):
        return True
    if left.capital and (right.capital or after.startswith("(")):
        return True
    return right.opens >= PLAIN and bool(_ADJECTIVE.fullmatch(left.bare))


def _by_the_verb(left: _Word, right: _Word) -> bool:
    """Whether a verb and its pronoun, negation or auxiliary would be parted."""
    if left.bare in _PRONOUNS and right.opens >= PLAIN:
        return True
    if right.bare in _WITH_THE_VERB and (right.opens >= PLAIN or left.bare in _AUXILIARIES):
        return True
    return left.bare in _AUXILIARIES and right.opens > CONJUNCTION


@lru_cache(maxsize=50_000)
def _known(word: str) -> _Word:
    open_end = word.rstrip(_CLOSING)
    bare = word.strip(_AROUND).lower()
    first = word.lstrip(_AROUND)[:1]
    return _Word(
        bare,
        ends_clause=open_end.endswith((",", ";", ":")) or word in _DASHES or word.endswith(")"),
        ends_sentence=open_end.endswith((".", "!", "?", "…")),
        dotted=open_end.endswith("."),
        capital=first.isupper(),
        digit=first.isdigit(),
        opens=_opening(bare, word),
    )


def _opening(bare: str, word: str) -> float:
    if not word[-1:].isalnum() and not word.startswith("("):
        return PLAIN  # "… er glad for," ends a phrase and begins none
    if bare in _CONJUNCTIONS or word.startswith("("):
        return CONJUNCTION
    return PREPOSITION if bare in _PREPOSITIONS else PLAIN


def hyphenated(word: str) -> Iterator[str]:
    """A word in parts that fit a line, each but the last with a hyphen; accents stay on their letters."""
    while len(word) > CHARACTERS_A_LINE:
        cut = most = CHARACTERS_A_LINE - 1
        while cut > most // 2 and _is_tied(word[cut - 1], word[cut]):
            cut -= 1
        cut = cut if cut > most // 2 else most
        yield word[:cut] + "-"
        word = word[cut:]
    yield word


def _is_tied(before: str, character: str) -> bool:
    """Whether a character is drawn on, or as one with, the one before it."""
    joined = before in _JOINERS or character in _JOINERS
    return joined or unicodedata.category(character) in ("Mn", "Me")
