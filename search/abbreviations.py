"""Abbreviations and signs that are read out as a word: "pct." and "%" are both said procent."""

from __future__ import annotations

#: What is written, without its full stop, and the word that is said. Those that are one word, and always the same.
SAID = {
    "%": "procent",
    "afd": "afdeling",
    "ca": "cirka",
    "kap": "kapitel",
    "kl": "klokken",
    "kr": "krone",
    "maks": "maksimalt",
    "mia": "milliard",
    "mio": "million",
    "nr": "nummer",
    "pct": "procent",
    "stk": "stykke",
}
