"""One made-up meeting: agenda, what is said, and when each item truly begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random

from bench.simulation.noise import misheard
from bench.simulation.numbers import ordinal, said
from bench.simulation.phrases import FAMILIES, Family
from bench.simulation.titles import agenda_titles
from catalogue import Agenda, AgendaItem, Segment, spoken_title

WORDS_A_SECOND = 2.4
CHAIR = "Borgmesteren"
_MEMBERS = (
    "Anna Friis",
    "Bo Kjær",
    "Carl Toft",
    "Dorte Lund",
    "Erik Bach",
    "Freja Holm",
    "Gert Riis",
    "Hanne Dam",
)


class Kind(StrEnum):
    """What makes a meeting hard."""

    READ_OUT = "agenda read out"
    MOVED = "moved"
    JOINT = "joint"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"
    BREAK = "break"
    LATE = "begins late"
    NO_SPEAKERS = "no speakers"
    NO_PUNCTUATION = "no punctuation"
    LONG = "long agenda"


@dataclass(frozen=True, slots=True)
class Made:
    agenda: Agenda
    segments: tuple[Segment, ...]
    starts: dict[int, float]  # of items that were taken, by position
    withdrawn: frozenset[int]
    kinds: frozenset[Kind]
    noise: float
    duration: float


@dataclass(slots=True)
class _Stage:
    """The meeting as it is being said."""

    chance: Random
    noise: float
    pausing: bool = True  # between items, as some chairs do
    now: float = 0.0
    said: list[Segment] = field(default_factory=list)

    def say(self, text: str, speaker: str = CHAIR, pause: float = 0.3) -> float:
        """Say it, and return the second it began."""
        self.now += (pause if self.pausing else 0.3) + self.chance.random() * 0.4
        began = self.now
        heard = misheard(text, self.noise, self.chance)
        self.now += max(0.6, len(text.split()) / WORDS_A_SECOND)
        if heard:
            self.said.append(Segment(round(began, 2), round(self.now, 2), heard, speaker))
        return round(began, 2)


def make_meeting(
    seed: int,
    filler: Sequence[str],
    families: Sequence[str],
    items: int | None = None,
    noise: float | None = None,
) -> Made:
    """`filler` are sentences of real debates; `families` the names of those the chair may be of."""
    chance = Random(seed)
    family = FAMILIES[chance.choice(list(families))]
    count = items or chance.choice((6, 9, 12, 14, 18, 22, 30))
    level = noise if noise is not None else chance.choice((0.0, 0.0, 0.08, 0.15, 0.25))
    kinds = {kind for kind, share in _SHARES.items() if chance.random() < share}
    if count > 60:
        kinds.add(Kind.LONG)
    first = chance.choice((1, 1, 1, 1, 24, 87, 142, 198))
    agenda, topics = _agenda(count, first, chance, Kind.CLOSED in kinds)
    stage = _Stage(chance, level, pausing=chance.random() < 0.5)
    starts, withdrawn = _hold(stage, family, agenda, topics, filler, kinds)
    segments = tuple(stage.said)
    if Kind.LATE in kinds:
        segments, starts = _cut(segments, starts, chance)
    segments = _written(segments, kinds, chance)
    return Made(
        agenda, segments, starts, withdrawn, frozenset(kinds), level, segments[-1].end if segments else 0.0
    )


_SHARES = {
    Kind.READ_OUT: 0.4, Kind.MOVED: 0.3, Kind.JOINT: 0.35, Kind.WITHDRAWN: 0.4, Kind.CLOSED: 0.4, Kind.BREAK: 0.25,
    Kind.LATE: 0.1, Kind.NO_SPEAKERS: 0.5, Kind.NO_PUNCTUATION: 0.25,
}  # fmt: skip


def _agenda(count: int, first: int, chance: Random, closing: bool) -> tuple[Agenda, list[str]]:
    titles = agenda_titles(count, chance)
    closed = chance.randint(1, 3) if closing else 0
    items = [
        AgendaItem(
            str(first + n),
            "Lukket punkt" if n >= count - closed and chance.random() < 0.5 else title,
            open=n < count - closed,
        )
        for n, (title, _) in enumerate(titles)
    ]
    return Agenda(tuple(items)), [words for _, words in titles]


def _hold(
    stage: _Stage, family: Family, agenda: Agenda, topics: list[str], filler: Sequence[str], kinds: set[Kind]
) -> tuple[dict[int, float], frozenset[int]]:
    chance = stage.chance
    opened = [n for n, item in enumerate(agenda.items) if item.open]
    gone = (
        set(chance.sample(opened[1:], min(len(opened) - 1, chance.randint(1, 2))))
        if Kind.WITHDRAWN in kinds and len(opened) > 4
        else set()
    )
    at_turn = {n for n in gone if chance.random() < 0.3}
    order = [n for n in opened if n not in gone or n in at_turn]
    if Kind.MOVED in kinds and len(order) > 5:
        moved = order.pop(chance.randrange(3, len(order)))
        order.insert(chance.randrange(1, 3), moved)
    groups = _groups(order, gone, chance, Kind.JOINT in kinds)
    starts: dict[int, float] = {}
    for text in family.begins:
        stage.say(text)
    broke = chance.randrange(1, max(2, len(groups))) if Kind.BREAK in kinds else -1
    for turn, group in enumerate(groups):
        if group[0] in at_turn:
            stage.say(_fill(chance.choice(family.withdrawn), agenda, [group[0]], chance), pause=1.0)
            continue
        began = _open(stage, family, agenda, group)
        starts |= dict.fromkeys(group, began)
        if turn == 0 and group[0] == 0:
            _approval(stage, family, agenda, [n for n in order if n], sorted(gone - at_turn), kinds)
            continue
        _debate(stage, family, agenda, group[0], topics, filler, len(agenda.items))
        if turn == broke:
            stage.say("Vi holder en kort pause.")
            stage.now += 60
            stage.say(chance.choice(("Så fortsætter vi.", "Velkommen tilbage, vi fortsætter debatten.")))
            _debate(stage, family, agenda, group[0], topics, filler, len(agenda.items))
        stage.say(_fill(chance.choice(family.closes), agenda, [group[0]], chance))
    if len(opened) < len(agenda.items):
        stage.say(chance.choice(family.doors), pause=1.0)
    else:
        stage.say(chance.choice(family.ends), pause=1.0)
    return starts, frozenset(gone)


def _groups(order: list[int], gone: set[int], chance: Random, joining: bool) -> list[list[int]]:
    groups = [[n] for n in order]
    if joining and len(order) > 6:
        size = chance.choice((2, 2, 3, 5))
        at = chance.randrange(1, max(2, len(order) - size))
        members = order[at : at + size]
        if members == list(range(members[0], members[0] + len(members))) and not gone & set(members):
            groups = [[n] for n in order[:at]] + [members] + [[n] for n in order[at + size :]]
    return groups


def _open(stage: _Stage, family: Family, agenda: Agenda, group: list[int]) -> float:
    chance = stage.chance
    if len(group) > 1:
        began = stage.say(_fill(chance.choice(family.joint), agenda, group, chance), pause=1.2)
        if chance.random() < 0.6:
            names = " og ".join(_spoken(agenda.items[n], chance) for n in group)
            stage.say(_sentence(chance.choice(("Det er {t}.", "Det drejer sig om {t}.")).format(t=names)))
        return began
    text = chance.choice(family.opens)
    if "{o}" in text and ordinal(int(agenda.items[group[0]].number)) is None:
        text = family.opens[0]
    began = stage.say(_fill(text, agenda, group, chance), pause=0.4 + chance.random() * 1.5)
    if "{t}" not in text and chance.random() < 0.75:
        stage.say(_fill(chance.choice(family.titles), agenda, group, chance))
    return began


def _approval(
    stage: _Stage, family: Family, agenda: Agenda, order: list[int], gone: list[int], kinds: set[Kind]
) -> None:
    chance = stage.chance
    if Kind.READ_OUT in kinds:
        for n in sorted(set(order) | set(gone) if chance.random() < 0.5 else order):
            stage.say(_fill(chance.choice(family.reads), agenda, [n], chance))
    for n in gone:
        stage.say(_fill(chance.choice(family.withdrawn), agenda, [n], chance))
    if Kind.MOVED in kinds and chance.random() < 0.4:
        stage.say("Der er et ønske om at rykke et punkt frem.")
    stage.say(
        chance.choice(
            (
                "Kan vi godkende dagsordenen?",
                "Er der bemærkninger til dagsordenen?",
                "Og så er dagsordenen godkendt.",
            )
        )
    )


def _debate(
    stage: _Stage,
    family: Family,
    agenda: Agenda,
    item: int,
    topics: list[str],
    filler: Sequence[str],
    total: int,
) -> None:
    chance = stage.chance
    for _ in range(chance.choice((0, 0, 1, 2, 4, 7))):
        speaker = chance.choice(_MEMBERS)
        stage.say(chance.choice(family.floor).format(s=speaker))
        at = chance.randrange(len(filler))
        for text in filler[at : at + chance.randint(2, 14)]:
            stage.say(text, speaker)
            if chance.random() < 0.1:
                word = chance.choice(
                    topics[item].split() + spoken_title(agenda.items[item].title).lower().split()
                )
                stage.say(
                    chance.choice(
                        (
                            "Det her med {w} er vigtigt.",
                            "Vi har talt længe om {w} i gruppen.",
                            "Hvad betyder {w} for borgerne?",
                        )
                    ).format(w=word),
                    speaker,
                )
            if chance.random() < 0.02:
                stage.say(
                    _fill(chance.choice(family.mentions), agenda, [chance.randrange(total)], chance), speaker
                )


def _fill(text: str, agenda: Agenda, group: list[int], chance: Random) -> str:
    items = [agenda.items[n] for n in group]
    numbers = [said(item.number, chance) for item in items]
    titles = [_spoken(item, chance) for item in items]
    listed = ", ".join(numbers[:-1]) + " og " + numbers[-1] if len(numbers) > 1 else numbers[0]
    return _sentence(
        text.format(
            n=numbers[0], a=numbers[0], b=numbers[-1], l=listed, t=titles[0], u=" og ".join(titles),
            o=ordinal(int(items[0].number)) or numbers[0], s=chance.choice(_MEMBERS), v=chance.randint(13, 31),
        )
    )  # fmt: skip


def _spoken(item: AgendaItem, chance: Random) -> str:
    """The title in full, or its first words, or without its number and sign."""
    title = re.sub(r"\s+[-–]\s+", " ", spoken_title(item.title))
    words = title[0].lower() + title[1:] if title.split()[0].isalpha() else title
    parts = words.split()
    if len(parts) > 3 and chance.random() < 0.25:
        parts = parts[: chance.randint(2, len(parts) - 1)]
    return " ".join(parts)


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _cut(
    segments: tuple[Segment, ...], starts: dict[int, float], chance: Random
) -> tuple[tuple[Segment, ...], dict[int, float]]:
    """The stream began late: the first items are not in the recording."""
    since = sorted(starts.values())[len(starts) // 3] - 5
    kept = tuple(replace(s, start=s.start - since, end=s.end - since) for s in segments if s.start >= since)
    return kept, {n: at - since for n, at in starts.items() if at >= since}


def _written(segments: tuple[Segment, ...], kinds: set[Kind], chance: Random) -> tuple[Segment, ...]:
    """As a recogniser hands it over: without speakers, or in long pieces without a full stop."""
    if Kind.NO_SPEAKERS in kinds:
        segments = tuple(replace(s, speaker=None) for s in segments)
    if Kind.NO_PUNCTUATION not in kinds:
        return segments
    pieces: list[Segment] = []
    longest = chance.choice((6.0, 12.0, 25.0))
    for segment in segments:
        text = re.sub(r"[.,:?!–-]+(?=\s|$)", "", segment.text).lower().strip()
        last = pieces[-1] if pieces else None
        if (
            last
            and last.speaker == segment.speaker
            and segment.end - last.start < longest
            and segment.start - last.end < 1.2
        ):
            pieces[-1] = replace(last, end=segment.end, text=f"{last.text} {text}")
        else:
            pieces.append(replace(segment, text=text))
    return tuple(pieces)
