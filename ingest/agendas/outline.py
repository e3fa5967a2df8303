"""The items in a document that is nothing but lines: which of them are an item's heading, and what stands below each.

Numbers alone do not tell: a table of contents, the points of a recommendation and a list of figures have them as well.
So every line that could be a heading is weighed, and the heaviest rising row of numbers is the agenda's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from catalogue import Agenda, AgendaItem, AgendaKind, Attachment, InputError
from ingest.agendas.headings import (
    Heading,
    case_number,
    decision,
    goes_on,
    heading,
    is_section,
    like_a_sentence,
    lone_number,
    mark,
    numbered,
    part,
    says_closed,
    says_open,
)
from ingest.agendas.lines import Rank, TextLine, joined
from ingest.agendas.reading import LONGEST_TITLE, MOST_ITEMS, MOST_LINKS, day

MOST_LINES = 200_000  # a document of 2,000 pages
MOST_CANDIDATES = 20_000
MOST_WEIGHED = 4_000
_NEAR = 400  # candidates looked back upon for the item before; none seen has as many numbered lines
_LONGEST_HEADING = 4  # lines
_LABEL_WITHIN = 6  # lines below a heading, in which it says "Lukket punkt"
_LONGEST_DECISION = 4_000  # characters

# What speaks for a heading. Only their order matters: words before looks, looks before a bare number.
_A_NUMBER, _ITS_WORDS, _STANDS_OUT, _WHAT_FOLLOWS, _A_SENTENCE, _IN_CONTENTS = 1.0, 3.0, 1.5, 2.0, -2.5, -0.8
_ALSO_IN_CONTENTS, _IN_A_LIST = 2.0, 0.3
_SAME_LOOK, _NEXT_NUMBER = 1.0, 0.5

_BODY = re.compile(
    r"\b(byråd(?:et)?|kommunalbestyrelsen|borgerrepræsentationen|regionsrådet|magistraten|udvalget (?:for|vedr\.?) [^,.:\d]{3,60}"
    r"|(?-i:[A-ZÆØÅ])[\w-]+(?:,? (?:og )?[\w-]+){0,4}?[ -]?udvalg(?:et)?)\b",
    re.IGNORECASE,
)
_BODY_LABEL = re.compile(r"(?:udvalg|organ|råd|forum|mødeforum)\s*:\s*(.{0,100})", re.IGNORECASE)
_KINDS = (
    (re.compile(r"\btillægs(?:dagsorden|referat)\b|\btillæg til dagsorden", re.IGNORECASE), AgendaKind.SUPPLEMENT),
    (re.compile(r"\b(?:referat|(?:beslutnings)?protokol)\b", re.IGNORECASE), AgendaKind.MINUTES),
    (re.compile(r"\bdagsorden\b", re.IGNORECASE), AgendaKind.AGENDA),
)  # fmt: skip
_BULLET = re.compile(r"^(?:[•·▪●○*–-]|\d{1,3}\s*[.:)]|\d{1,2}(?=\s+[A-ZÆØÅ]))\s+")
_A_PAPER = re.compile(r"/bilag/|\.(?:pdf|docx?|xlsx?|pptx?|odt)(?:$|[?#])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    at: int  # the line it begins in
    until: int  # the line after its own
    heading: Heading
    line: TextLine
    weight: float


def outline(lines: Sequence[TextLine], source: str) -> Agenda:
    """The agenda in a document's lines, without items where there are none. Raises `InputError` for too many lines."""
    if len(lines) > MOST_LINES:
        raise InputError(f"the agenda has more than {MOST_LINES:,} lines", where=source)
    candidates = _in_context(list(_candidates(lines)))
    chosen = _rising(candidates) or _unnumbered(lines)
    chosen = _with_unnumbered(chosen, lines)
    if len(chosen) > MOST_ITEMS:
        raise InputError(
            f"the agenda has more than {MOST_ITEMS:,} items",
            where=source,
            remedy="Check that it is the agenda of one meeting.",
        )
    first = min((c.at for c in (*chosen, *candidates[:1])), default=0)
    agenda = _about(lines[:first], source)
    if not chosen:
        return agenda
    ends = [c.at for c in chosen[1:]] + [len(lines)]
    below = [lines[c.until : end] for c, end in zip(chosen, ends, strict=True)]
    said = _parts(lines, {c.at for c in candidates} - {c.at for c in chosen}, chosen)
    items = (
        _item(c, texts, is_open, agenda, place)
        for place, (c, texts, is_open) in enumerate(
            zip(chosen, below, _openness(chosen, below, said), strict=True), 1
        )
    )
    return replace(agenda, items=tuple(items))


# -- Which lines are headings


def _candidates(lines: Sequence[TextLine]) -> Iterator[_Candidate]:
    found = 0
    at = 0
    while at < len(lines) and found < MOST_CANDIDATES:
        candidate = _candidate(lines, at)
        if candidate is None:
            at += 1
            continue
        found += 1
        yield candidate
        at = candidate.until


def _candidate(lines: Sequence[TextLine], at: int) -> _Candidate | None:
    line = lines[at]
    head, until = _heading_at(lines, at), at + 1
    if head is None or (is_section(head.title) and not head.sure):
        return None
    if not head.title and until < len(lines):  # the number stood alone: the title is the line below
        below = lines[until]
        if is_section(below.text) or mark(below.text) is not None or heading(below.text) is not None:
            return (
                _weighed(replace(head, title=below.text), lines, at, until)
                if mark(below.text) is False
                else None
            )
        line = below if below.rank > line.rank else line
        head = replace(numbered(head.number, below.text), sure=head.sure, case=head.case)
        until += 1
    if not head.title:
        return None
    title = head.title
    while until < min(at + _LONGEST_HEADING, len(lines)) and _continues(title, line, lines[until]):
        title, until = joined(title, lines[until].text), until + 1
    if title != head.title:
        whole = numbered(head.number, title)
        head = replace(
            whole, sure=head.sure, case=head.case or whole.case, listed=head.listed or whole.listed
        )
    return _weighed(head, lines, at, until, line)


def _in_context(candidates: list[_Candidate]) -> list[_Candidate]:
    """Weighed again by the others: lines with numbers that follow each other are a list and not items with a text
    below; a title that the table of contents has as well is an item's."""
    contents = {c.heading.number: c.heading.title.casefold() for c in candidates if c.heading.listed}
    bare = [c.line.rank is Rank.BODY and not c.heading.sure for c in candidates]
    ends, begins = {c.until for c in candidates}, {c.at for c in candidates}
    weighed = []
    for c, is_bare in zip(candidates, bare, strict=True):
        weight = c.weight
        if is_bare and weight > 0 and (c.at in ends or c.until in begins):
            weight = _IN_A_LIST
        listed = contents.get(c.heading.number, "") if not c.heading.listed else ""
        if listed and (
            listed.startswith(c.heading.title.casefold()) or c.heading.title.casefold().startswith(listed)
        ):
            weight += _ALSO_IN_CONTENTS
        weighed.append(replace(c, weight=weight))
    return weighed


def _heading_at(lines: Sequence[TextLine], at: int) -> Heading | None:
    line = lines[at]
    if line.number:
        return None if is_section(line.text) else numbered(line.number, line.text)
    alone = lone_number(line.text)
    if alone:
        return Heading(alone, "", sure=not line.text[:1].isdigit())
    return heading(line.text, stands_out=line.rank > Rank.BODY)


def _continues(title: str, line: TextLine, below: TextLine) -> bool:
    """Whether a heading goes on in the line below: it looks the same, and is nothing of its own."""
    if below.block or below.number or below.rank is not line.rank or below.style != line.style:
        return False
    if is_section(below.text) or mark(below.text) is not None or part(below.text) is not None:
        return False
    if case_number(below.text) or heading(below.text, stands_out=True) is not None:
        return False
    return line.rank > Rank.BODY or goes_on(title)


def _weighed(
    head: Heading, lines: Sequence[TextLine], at: int, until: int, line: TextLine | None = None
) -> _Candidate:
    line = line or lines[at]
    follows = any(_belongs_to_an_item(below) for below in lines[until : until + 3])
    weight = (
        _A_NUMBER
        + (_ITS_WORDS if head.sure else 0)
        + _STANDS_OUT * line.rank
        + (_WHAT_FOLLOWS if follows else 0)
        + (_A_SENTENCE if like_a_sentence(head.title) or head.title[:1].islower() else 0)
        + (_IN_CONTENTS if head.listed else 0)
    )
    return _Candidate(at, until, head, line, weight)


def _belongs_to_an_item(line: TextLine) -> bool:
    return bool(is_section(line.text) or mark(line.text) is not None or case_number(line.text, alone=True))


def _rising(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The heaviest row of candidates whose numbers rise, without what only happens to fit in."""
    heaviest = sorted((c for c in candidates if c.weight > 0), key=lambda c: -c.weight)[:MOST_WEIGHED]
    usable = sorted(heaviest, key=lambda c: c.at)
    best: list[
        tuple[float, int]
    ] = []  # the weight of the row that ends here, and the place of the one before
    for n, c in enumerate(usable):
        earlier = (m for m in range(max(0, n - _NEAR), n) if usable[m].heading.order < c.heading.order)
        before = max(((best[m][0] + _step(usable[m], c), m) for m in earlier), default=(0.0, -1))
        best.append((max(before[0], 0.0) + c.weight, before[1] if before[0] > 0 else -1))
    at = max(range(len(best)), key=lambda n: (best[n][0], n), default=-1)
    row: list[_Candidate] = []
    while at >= 0:
        row.append(usable[at])
        at = best[at][1]
    return _of_one_kind(row[::-1])


def _step(one: _Candidate, then: _Candidate) -> float:
    follows = then.heading.order[0] - one.heading.order[0] <= 1
    return _SAME_LOOK * (one.line.style == then.line.style) + (_NEXT_NUMBER if follows else -_NEXT_NUMBER)


def _of_one_kind(row: list[_Candidate]) -> list[_Candidate]:
    """Where the agenda's headings stand out, or say that they are items, a bare number is not one of them."""
    plain = [c for c in row if c.weight < _A_NUMBER + _STANDS_OUT and not c.line.number]
    if not row or len(plain) * 2 > len(row):
        return row
    looks = Counter(c.line.style for c in row if c not in plain)
    return [c for c in row if c not in plain or looks[c.line.style]]


def _unnumbered(lines: Sequence[TextLine]) -> list[_Candidate]:
    """Headings of an agenda that has no numbers: of the looks that headings have, the one that items have below it."""
    heads = [n for n, line in enumerate(lines) if line.rank is Rank.HEADING and _may_be_title(line.text)]
    looks: Counter[str] = Counter()
    for n in heads:
        looks[lines[n].style] += any(_belongs_to_an_item(below) for below in lines[n + 1 : n + 4])
    style, number = looks.most_common(1)[0] if looks else ("", 0)
    return [_untitled(lines, n) for n in heads if lines[n].style == style and number][: MOST_ITEMS + 1]


def _with_unnumbered(chosen: list[_Candidate], lines: Sequence[TextLine]) -> list[_Candidate]:
    """The items with those between them that have the same heading, but no number."""
    styles = Counter(c.line.style for c in chosen if c.line.rank is Rank.HEADING)
    style, number = styles.most_common(1)[0] if styles else ("", 0)
    if number * 2 <= len(chosen):
        return chosen
    own = {n for c in chosen for n in range(c.at, c.until)}
    between = [
        _untitled(lines, n)
        for n in range(chosen[0].at, len(lines))
        if n not in own and lines[n].style == style and _may_be_title(lines[n].text)
    ]
    return sorted([*chosen, *between], key=lambda c: c.at) if len(between) <= number else chosen


def _may_be_title(text: str) -> bool:
    return not (is_section(text) or part(text) is not None or day(text) or not any(map(str.isalpha, text)))


def _untitled(lines: Sequence[TextLine], at: int) -> _Candidate:
    return _Candidate(at, at + 1, Heading("", lines[at].text), lines[at], 0.0)


# -- What stands below each


def _about(top: Sequence[TextLine], source: str) -> Agenda:
    """Whose meeting it is, when, and which paper: from what stands above the first item."""
    texts = [line.text for line in top if len(line.text) <= 200]
    kinds = ((text, kind) for text in texts for pattern, kind in _KINDS if pattern.search(text))
    return Agenda(
        items=(),
        date=next((found for text in texts if (found := _day(text))), None),
        body=_body(texts),
        source=source,
        kind=next((kind for _, kind in kinds), AgendaKind.AGENDA),
    )


def _body(texts: Sequence[str]) -> str:
    """What is labelled as such ("Udvalg: Byrådet", in one cell or two), else the first name of a body."""
    for n, text in enumerate(texts):
        if label := _BODY_LABEL.fullmatch(text):
            return label[1] or next(iter(texts[n + 1 : n + 2]), "")
    return next((found[1] for text in texts if (found := _BODY.search(text))), "")


def _day(text: str) -> date | None:
    found = day(text)
    if found is None and (short := re.search(r"\b(\d{1,2})[-./](\d{1,2})[-./](\d{4})\b", text)):
        return day(f"{short[3]}-{int(short[2]):02}-{int(short[1]):02}")
    return found


def _parts(lines: Sequence[TextLine], others: set[int], chosen: Sequence[_Candidate]) -> list[bool | None]:
    """For each item, whether the heading of the part it stands in says open or closed; parts of a table of contents
    end where the items begin."""
    items = {c.at for c in chosen}
    first = min(items, default=0)
    said: list[bool | None] = []
    now: bool | None = None
    for at, line in enumerate(lines):
        if at in others and at < first:
            now = None
        told = part(line.text)
        now = now if told is None else told
        if at in items:
            said.append(now)
    return said


def _item(c: _Candidate, below: Sequence[TextLine], open_: bool, agenda: Agenda, place: int) -> AgendaItem:
    head = c.heading
    cases = (case_number(line.text, alone=n < 4) for n, line in enumerate(below[:8]))
    return AgendaItem(
        number=head.number[:40] or str(place),
        title=(head.title or "Uden titel")[:LONGEST_TITLE],
        case=(head.case or next(filter(None, cases), ""))[:100],
        open=open_,
        source_id=c.line.anchor,
        outcome=_decided(below, agenda) if agenda.kind is AgendaKind.MINUTES else "",
        attachments=tuple(_attachments(below)),
        url=next((link.url for link in c.line.links if not _A_PAPER.search(link.url)), ""),
    )


def _openness(
    chosen: Sequence[_Candidate], parts: Sequence[Sequence[TextLine]], said: Sequence[bool | None]
) -> list[bool]:
    """For each item, whether it is open: in doubt it is not (design, rule 6).

    What is published without any mark is open; where some are marked as open, an item without the mark is closed.
    """
    marks: list[bool | None] = []
    for c, below, of_part in zip(chosen, parts, said, strict=True):
        label = next(
            (found for line in below[:_LABEL_WITHIN] if (found := mark(line.text)) is not None), None
        )
        if of_part is False or label is False or says_closed(c.heading.title):
            marks.append(False)
        else:
            marks.append(True if label or of_part or says_open(c.heading.title) else None)
    return [found is True or (found is None and True not in marks) for found in marks]


def _decided(below: Sequence[TextLine], agenda: Agenda) -> str:
    """What this meeting decided: of the decisions below, not those that an earlier meeting of another body made."""
    for n, line in enumerate(below):
        found = decision(line.text)
        if found is None or not _own(found.where, agenda):
            continue
        said = found.said
        for later in below[n + 1 :]:
            if is_section(later.text) or (later.rank is Rank.HEADING and line.rank is Rank.HEADING):
                break
            said = joined(said, later.text)
            if len(said) > _LONGEST_DECISION:
                break
        return said[:LONGEST_TITLE].strip()
    return ""


def _own(where: str, agenda: Agenda) -> bool:
    return (
        not where
        or (bool(agenda.body) and agenda.body.casefold() in where.casefold())
        or (agenda.date is not None and _day(where) == agenda.date)
    )


def _attachments(below: Sequence[TextLine]) -> Iterator[Attachment]:
    """What is linked as a paper, and what is listed under "Bilag"; nothing under "Lukkede bilag"."""
    section = ""
    names: set[str] = set()
    for line in below:
        if is_section(line.text) and not line.links:  # a paper may be called "Indstilling"
            section = line.text.casefold()
            continue
        listed = section.startswith(("bilag", "åbne bilag"))
        found = [link for link in line.links if listed or _A_PAPER.search(link.url)]
        if listed and not line.links and len(line.text) <= 200:
            found = [Attachment(_BULLET.sub("", line.text))]
        for attachment in found:
            if section.startswith("lukkede") or attachment.name in names or len(names) >= MOST_LINKS:
                continue
            names.add(attachment.name)
            yield attachment
