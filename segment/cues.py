"""What a chair says around an agenda item, as single words: whole phrases differ from council to council.

The words are those of danish.md, section 1d, and their kin; how much each kind tells is not decided here but
fitted (`segment/weights.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from segment.words import edits_allowed


class Cue(StrEnum):
    """What kind of word it is. One word may be of several kinds."""

    ITEM = "item"  # punkt, sag, nummer
    LEAD = "lead"  # leads on to an item: så, går, vi, til, næste
    MOVE = "move"  # of those, what tells of moving on
    NEXT = "next"  # næste, sidste: an item without its number
    MENTION = "mention"  # an item is spoken of, before or after its turn
    CLOSES = "closes"  # a decision: godkendt, vedtaget
    FLOOR = "floor"  # the floor is given: ordet, værsgo
    WITHDRAWN = "withdrawn"  # udgår, udsat, trukket
    AGENDA = "agenda"  # dagsordenen
    JOINT = "joint"  # samlet, sammen
    ONE = "one"  # with a word before it also joint: under ét, i én debat, på én gang
    AS = "as"  # that word
    PROCEDURE = "procedure"  # what only a chair says


_WORDS = {
    Cue.ITEM: "punkt punktet punkter punkterne pkt sag sagen sager sagerne nummer nr",
    Cue.LEAD: (
        "så nu og men ja jamen nå godt okay tak dermed hermed herefter derefter dernæst går gå går tager tage kommer "
        "komme har er det den de vi jeg skal til med på videre over frem næste sidste første ned næstsidste eneste "
        "punkt punktet punkter punkterne pkt dagsordenens sag sagen sager sagerne nummer nr nået fører os begynder begynde "
        "starter fortsætter springer hopper vender foretager behandler behandle behandlingen af åbner handler om som "
        "hedder lyder drejer sig vedrører vedrørende turen følgende dagsorden dagsordenen igen fat lad også her jo øh "
        "der ved vist lige os ordet bladet"
    ),
    Cue.MOVE: (
        "går gå videre næste nået fører begynder starter fortsætter springer hopper vender foretager behandler behandle "
        "åbner dernæst herefter derefter turen kommet tager tage fat"
    ),
    Cue.NEXT: "næste sidste første næstsidste eneste",
    Cue.MENTION: (
        "sagde talte drøftede drøftes drøfte behandlede nævnte nævnt senere diskuteret diskuterede andet hænger sammenhæng "
        "enig uenig enige synes mener under udvalget henviser jævnfør tilbage tidligere vente forrige samme hører ligesom "
        "igen var inde handler hvis når kommer"
    ),
    Cue.CLOSES: (
        "godkendt godkende godkender vedtaget vedtages efterretning afgjort tiltrådt tiltræde tiltræder afsluttet besluttet "
        "konkluderer konstaterer indstillingen indstilling stemmer stemmes afstemning imod flertal enstemmigt sendes oversendes "
        "henvises udvalget færdigbehandlet opbakning enige indsigelse bemærkninger"
    ),
    Cue.FLOOR: (
        "værsgo værsågod ordet ordfører ordføreren bemærkninger kommentarer ønsker indlede starte indledning spørgsmål "
        "redegørelse forelægge forhandlingen"
    ),
    Cue.WITHDRAWN: (
        "udgår udgået udsat udsættes udskydes udskudt trukket trækkes tilbagetrukket pillet bortfalder aflyst "
        "tilbagekaldt udtaget"
    ),
    Cue.AGENDA: "dagsordenen dagsorden dagsordenens",
    Cue.JOINT: "samlet sammen fælles slår",
    Cue.ONE: "ét et én en",
    Cue.AS: "under i på",
    Cue.PROCEDURE: (
        "godkendt vedtaget efterretning værsgo værsågod ordet ønsker afstemning stemmer indstillingen velkommen mødet hævet "
        "punkt sag dagsordenen bemærkninger"
    ),
}  # fmt: skip
# Words so short or so common that only they themselves count
_LONG_ENOUGH = 5
_STRICT = frozenset((Cue.WITHDRAWN,))  # one letter off at most: "trukket" is not "trykket" or "rykket"
_OTHER_WORDS = frozenset("trykket trykkes rykket rykkes lukket".split())  # that are one letter off
_ITEM_MISHEARD = (
    "punk",
    "bunkt",
    "pukt",
    "putkt",
    "pumkt",
    "penkt",
    "pun",
    "puvkt",
    "ponkt",
    "punvt",
    "pkt",
    "sak",
)


class Cues:
    """Which kinds each word of a meeting is of, also misheard."""

    def __init__(self, said: Iterable[str]) -> None:
        kinds: dict[str, set[Cue]] = defaultdict(set)
        types = list(set(said))
        lettered = [word for word in types if len(word) >= _LONG_ENOUGH - 1]
        for cue, listed in _WORDS.items():
            for word in set(listed.split()):
                kinds[word].add(cue)
                if len(word) < _LONG_ENOUGH:
                    continue
                allowed = 1 if cue in _STRICT else edits_allowed(word)
                for other, _, _ in process.extract(
                    word, lettered, scorer=Levenshtein.distance, score_cutoff=allowed, limit=None
                ):
                    if other[0] == word[0] or (len(word) > _LONG_ENOUGH and cue not in _STRICT):
                        kinds[other].add(cue)
        for word in _OTHER_WORDS & kinds.keys():
            kinds[word] -= _STRICT
        for word in _ITEM_MISHEARD:
            kinds[word] |= {Cue.ITEM, Cue.LEAD}
        self._kinds = {word: frozenset(cues) for word, cues in kinds.items()}

    def of(self, word: str) -> frozenset[Cue]:
        return self._kinds.get(word, frozenset())
