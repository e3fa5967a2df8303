"""Speech as a recogniser gets it wrong: letters, words lost and put in, compounds split, numbers misheard.

The kinds are those seen in `shared/data/asr/folketinget_clips.json`; their shares are rough.
"""

from __future__ import annotations

from random import Random

_HEARD = {
    "punkt": ("punk", "bunkt", "pukt", "punkter", "punktet"), "sag": ("sak", "dag", "sagen"), "nummer": ("nummeret", "numre"),
    "tres": ("tre", "tress"), "halvtreds": ("halvtres", "halvtredsens"), "halvfems": ("halvfemse", "halv fems"),
    "fire": ("fyrre", "fir"), "seks": ("sex", "sekst"), "syv": ("siv", "tyv"), "ni": ("nie", "i"), "tre": ("træ", "tro"),
    "dagsordenen": ("dagsorden", "dag så ordenen"), "dagsorden": ("dagens orden",), "udgår": ("udgår i", "ud går", "udgav"),
    "under": ("unde", "en"), "ét": ("et", "en"), "lukker": ("lykker", "lukkede"), "værsgo": ("vær så god", "værsågod"),
}  # fmt: skip
_FILLERS = ("øh", "altså", "jo", "og", "det", "så")
_LETTERS = "abdefghijklmnoprstuvyæøå"


def misheard(text: str, rate: float, chance: Random) -> str:
    """The sentence with about that share of its words wrong."""
    heard = []
    for word in text.split():
        if chance.random() >= rate:
            heard.append(word)
            continue
        heard += _wrong(word, chance)
    return " ".join(heard)


def _wrong(word: str, chance: Random) -> list[str]:
    bare = word.strip(".,:?!").lower()
    tail = word[len(word.rstrip(".,:?!")) :]
    pick = chance.random()
    if bare in _HEARD and pick < 0.5:
        return [chance.choice(_HEARD[bare]) + tail]
    if pick < 0.2:
        return [tail] if tail and chance.random() < 0.5 else []
    if pick < 0.35:
        return [chance.choice(_FILLERS), word]
    if pick < 0.5 and len(bare) > 8:
        at = chance.randint(4, len(bare) - 4)
        return [word[:at], word[at:]]
    if bare.isdecimal():
        return [str(max(1, int(bare[:6]) + chance.choice((-1, 1, 10)))) + tail] if pick > 0.8 else [word]
    at = chance.randrange(max(1, len(bare)))
    letter = chance.choice(_LETTERS)
    kind = chance.random()
    if kind < 0.5:
        return [word[:at] + letter + word[at + 1 :]]
    return [word[:at] + word[at + 1 :]] if kind < 0.75 else [word[:at] + letter + word[at:]]
