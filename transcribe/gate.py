"""Whether to believe what the model says of a window.

Whisper's own thresholds (compression, log probability, no speech) and what they miss: loops in short texts, text
where nobody speaks, an echo of the prompt, and the lines that it makes up over noise because films end with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

from catalogue import Word
from transcribe.whisper import Heard
from transcribe.windows import Window
from transcribe.word_times import uncovered


class Doubt(StrEnum):
    """Why a window is not believed. The worst come first."""

    LIMIT = "limit"  # cut off at the most tokens
    LOOP = "loop"  # the same words over and over
    STOCK = "stock"  # a line that models make up
    ECHO = "echo"  # the names it was told, and nothing else
    SILENT = "silent"  # text, but the model itself hears nobody
    EMPTY = "empty"  # speech, but no text
    FAST = "fast"  # more words than anybody says in that time
    HOLE = "hole"  # seconds of speech without a word
    SPARSE = "sparse"  # far fewer words than the speech has room for
    UNSURE = "unsure"  # the model is unsure of its words


# Text of this kind is nobody's: it is dropped, and its time listed as a gap. All other text is kept and marked.
NOT_SPEECH = frozenset({Doubt.STOCK, Doubt.SILENT, Doubt.ECHO})

MOST_COMPRESSION = 2.4  # OpenAI's own figure
LEAST_LOG_PROBABILITY = -1.0  # OpenAI's own figure
NO_SPEECH_FROM = 0.6  # OpenAI's own figure
MOST_WORDS, FEWEST_WORDS = 6.0, 0.5  # a second of speech; Danish in parliament has 2.6 (docs/benchmarks.md)
ENOUGH_SPEECH = 1.5  # s; with less, counting words a second says nothing
LOOP_REPEATS = 4  # times the same one to six words in a row; three with at least four words
LONGEST_LOOP = 6
SLACK_WORDS = 3  # a short cry may be quick
LONGEST_HOLE = 1.0  # s beside what counts as covered by the words next to it

# Lines of films and broadcasts that Whisper learnt to end silence with (arXiv 2501.11378, and what our models said
# over noise): some anywhere, some only as all that is said, for council members too speak of addresses and of music.
STOCK_ANYWHERE = re.compile(
    r"nicolai winther|scandinavian text service|\bamara\.?org\b|castingwords|\bsubtit\w+ by\b"
    r"|^thanks? (you )?for watching|like and subscribe",
    re.IGNORECASE,
)
STOCK_ALONE = re.compile(
    r"(?i:tak fordi (du|i) (så|kiggede|ser) med|tak for at (se|du så|i så) med|musik|www\.\S+|https?:\S+"
    r"|untertitel.*|sous-titr.*)|(?i:(danske )?(under)?tekst(er|et|ning) (af|ved))( [A-ZÆØÅ][\w.-]*)+"
)
MOST_STOCK_WORDS = 14
# What it says to a cough or a chair. Not "ja", "nej" or "tak", which are votes and answers.
FILLERS = frozenset("mm|hm|you|bye|thank you|ah|oh|uh".split("|"))
WEAK_SPEECH = 0.5  # s of speech under which a filler is taken for noise


def doubts(
    heard: Heard, window: Window, words_in_time: Sequence[Word], names: Sequence[str] = ()
) -> tuple[Doubt, ...]:
    """All that speaks against a text, the worst first; empty if nothing does.

    `words_in_time` are its words on the window's clock, `names` those that the model was told.
    """
    words = plain(heard.text)
    found = []
    if heard.at_limit:
        found.append(Doubt.LIMIT)
    if heard.compression > MOST_COMPRESSION or has_loop(words):
        found.append(Doubt.LOOP)
    if words and is_stock(heard.text, window):
        found.append(Doubt.STOCK)
    if names and words and _echoes(words, names):
        found.append(Doubt.ECHO)
    if words and heard.no_speech > NO_SPEECH_FROM and heard.log_probability < LEAST_LOG_PROBABILITY:
        found.append(Doubt.SILENT)
    if not words:
        found.append(Doubt.EMPTY)
    elif uncovered(words_in_time, window.speech, LONGEST_HOLE):
        found.append(Doubt.HOLE)
    found += _pace(len(words), window)
    if words and heard.log_probability < LEAST_LOG_PROBABILITY:
        found.append(Doubt.UNSURE)
    return tuple(found)


def _pace(words: int, window: Window) -> list[Doubt]:
    if words > MOST_WORDS * window.spoken + SLACK_WORDS:
        return [Doubt.FAST]
    if words and window.spoken >= ENOUGH_SPEECH and words < FEWEST_WORDS * window.spoken:
        return [Doubt.SPARSE]
    return []


def has_loop(words: Sequence[str]) -> bool:
    """Whether some words are said over and over, one to six at a time."""
    for size in range(1, LONGEST_LOOP + 1):
        needed = LOOP_REPEATS if size < 4 else LOOP_REPEATS - 1
        same = 0
        for n in range(size, len(words)):
            same = same + 1 if words[n] == words[n - size] else 0
            if same >= size * (needed - 1):
                return True
    return False


def is_stock(text: str, window: Window) -> bool:
    """Whether a text is one that models make up where nobody speaks."""
    words = plain(text)
    if not words:
        return "♪" in text
    alone = STOCK_ALONE.fullmatch(text.strip(" .!♪"))
    if len(words) <= MOST_STOCK_WORDS and (alone or STOCK_ANYWHERE.search(text)):
        return True
    return window.spoken < WEAK_SPEECH and " ".join(words) in FILLERS


def _echoes(words: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a text is made of the names that the model was told: nothing else, or two of them in the told order."""
    told = {w for name in names for w in plain(name)}
    if len(words) >= 2 and all(w in told for w in words):
        return True
    said, listed = f" {' '.join(words)} ", [" ".join(plain(name)) for name in names]
    return any(f" {a} {b} " in said for a, b in pairwise(listed))


def plain(text: str) -> list[str]:
    """The words of a text without case and marks."""
    return re.findall(r"[^\W_]+(?:[-'’][^\W_]+)*", text.lower())
