"""What a chair says around an agenda item, as recognisers write it down.

The phrases are those of danish.md, section 1d. Each pattern is matched on a sentence's tokens joined by spaces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from segment.words import read_number, tokens

# "punkt" and "sag" as they are misheard (putkt, pukt, pumkt, penkt); the number follows within these
_ITEM_WORD = re.compile(r"^(p[a-zæøå]?[a-z]?[nm]?[a-zæøå]?kt(et)?|punkt\w*|pkt|sag(en)?|nummer|nr)$")

_OPENS = re.compile(
    r"\b(går|gå) (vi )?(nu |så )?(jo )?(videre|over|direkte)?\s?(til|med)\b|\bnået (jo |nu )?(frem )?til\b"
    r"|\b(næste|næsste|første|sidste|eneste) (punkt|sag)|^så (er det|det|har vi|kommer vi til) (så )?(punkt|sag|nummer)"
    r"|\bvi (tager|begynder|starter|fortsætter)( nu| så)? (med )?(punkt|sag)|\bfører os (frem |videre )?til\b"
    r"|^(og )?(så |nu )?(punkt|sag|pkt)\b|\bkommer (vi )?(nu |så )?til (punkt|sag)"
)
_MENTIONS = re.compile(
    r"\bhænger sammen\b|\bdrøfte\w* senere\b|\b(sagde|så|talte|drøftede|behandlede|nævnte?)\b.{0,20}\b(under|på|i) (punkt|sag)"
    r"|^(jeg|det var|som)\b.*\b(punkt|sag)|\bet andet punkt\b|\bpå (det )?punkt\b|\bvi har\b|\bkommer senere\b"
    r"|\bvender tilbage til punkt\b"
)
_WITHDRAWN = re.compile(
    r"\b(udgår|udgået|udskydes|er (udsat|trukket)|trækkes|tages? af (dagsordenen|dagsorden)|taget af dagsordenen)\b"
)
_JOINT = re.compile(
    r"\bunder (ét|et|en)\b|\b(behandles|behandler vi|tages|tager vi|drøftes) (samlet|sammen)\b"
)
_DOORS_CLOSE = re.compile(
    r"\blukke[rt]? (vi |så vi |nu )*(dørene|døren)\b|\b(lukkes|lukke) dørene\b"
    r"|\b(resten er|over til|overgår til|fortsætter (med|i)) (den |det |et )?lukke(t|de)\b|\bresten er lukk\w+ m\w+"
    r"|\bfor lukkede døre\b|\bbede (tilhørerne|tilhørere|publikum) (om at )?forlade\b"
)
_DOORS_OPEN = re.compile(
    r"\båbne[rs]? (vi )?(nu |igen )?dørene\b|\bmødet er (igen )?åbent\b|\båbent (møde )?igen\b"
)
_ENDS = re.compile(r"\bmødet er hævet\b|\bhæver (jeg |vi )?(hermed )?mødet\b|\btak for i (aften|dag)\b")


@dataclass(frozen=True, slots=True)
class Cues:
    """What one sentence says about the agenda."""

    opens: bool
    mentions: bool
    withdraws: bool
    joins: bool
    closes_doors: bool
    opens_doors: bool
    ends_meeting: bool
    numbers: tuple[str, ...]  # item numbers said after "punkt", "sag" or "nummer"


def read_cues(text: str) -> Cues:
    words = tokens(text)
    line = " ".join(words)
    return Cues(
        opens=bool(_OPENS.search(line)),
        mentions=bool(_MENTIONS.search(line)),
        withdraws=bool(_WITHDRAWN.search(line)),
        joins=bool(_JOINT.search(line)),
        closes_doors=bool(_DOORS_CLOSE.search(line)),
        opens_doors=bool(_DOORS_OPEN.search(line)),
        ends_meeting=bool(_ENDS.search(line)),
        numbers=_numbers(words),
    )


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers after "punkt" and its kin, with lists and ranges: "3, 4 og 5", "tre til syv"."""
    found: list[str] = []
    at = 0
    listing = False
    while at < len(words):
        if _ITEM_WORD.match(words[at]):
            listing = True
            at += 1
            continue
        number = read_number(words, at) if listing or (at == 0 and words[0] not in ("en", "et")) else None
        if number is None:
            listing = listing and words[at] in ("og", "til", "samt", "er", "nummer")
            at += 1
            continue
        value, used = number
        if found and words[at - 1] == "til":
            found += [str(n) for n in range(int(found[-1]) + 1, min(int(value), int(found[-1]) + 50))]
        found.append(value)
        listing = True
        at += used
    return tuple(found)
