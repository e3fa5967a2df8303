"""Items that are said to be withdrawn, put off or taken off the agenda."""

from __future__ import annotations

from segment.cues import Cue
from segment.openings import Context, Meeting

SENTENCE = 14  # words in which an item and its withdrawal are said
WHOLE_ENOUGH = 0.6  # of a title, where no number is said
TITLE_TOO = 0.3  # of a title from which it is opened rather than taken off
TO_AGENDA = 4  # words between a number and "dagsordenen" in "punkt 13 udgår af dagsordenen", however misheard
_ONTO = frozenset(("på", "er", "i"))  # "punkt 13 på dagsordenen"


def called_off(meeting: Meeting) -> dict[int, int]:
    """The items said to be withdrawn, by position, each with the first site that says so."""
    found: dict[int, int] = {}
    for n, context in enumerate(meeting.contexts):
        for item in _items(meeting, context):
            found.setdefault(item, n)
    return found


def _items(meeting: Meeting, context: Context) -> tuple[int, ...]:
    stream, site = meeting.stream, context.site
    end = min(len(stream.words), site.sign + SENTENCE)
    end = next((at for at in range(site.sign + 2, end) if stream.begins[at]), end)
    kinds = [meeting.cues.of(w) for w in stream.words[site.begin : end]]
    said = next((site.begin + n for n, k in enumerate(kinds) if Cue.WITHDRAWN in k), None)
    if said is None:
        said = _off_the_agenda(meeting, context, end)
    if said is None:
        return ()
    # "punkt 1 er udgået, så vi går til punkt 2": only what is said before; "vi har trukket punkt 7": what is said after
    mentions = [m for m in site.numbers if m.value is not None and not m.bare and m.begin < end]
    numbers = {m.value for m in mentions if m.begin < said} or {m.value for m in mentions}
    if numbers:
        if _of_something_else(meeting, context):
            return ()
        return tuple(
            k for k, number in enumerate(meeting.numbers) if number in numbers and k not in meeting.approvals
        )
    titles = meeting.titles.matches(site.begin, end)
    return tuple(
        k for k, match in titles.items() if match.share >= WHOLE_ENOUGH and k not in meeting.approvals
    )


def _title_said(meeting: Meeting, context: Context) -> bool:
    return any(m.share > TITLE_TOO for k, m in context.titles.items() if k not in meeting.approvals)


def _of_something_else(meeting: Meeting, context: Context) -> bool:
    """ "ændringsforslag nr. 9 er trukket tilbage" says nothing of item 9."""
    first = context.site.numbers[0].begin
    if (
        not meeting.stream.words[first].startswith(("nr", "nummer"))
        or first == 0
        or meeting.stream.begins[first]
    ):
        return False
    return Cue.LEAD not in meeting.cues.of(meeting.stream.words[first - 1])


def _off_the_agenda(meeting: Meeting, context: Context, end: int) -> int | None:
    """Where "dagsordenen" is said soon after an item's number and neither its title nor anything that moves on."""
    numbers = context.site.numbers
    if not numbers or _title_said(meeting, context):
        return None
    leads = meeting.stream.words[context.site.begin : numbers[0].end]
    if any({Cue.MOVE, Cue.NEXT} & meeting.cues.of(word) for word in leads):
        return None
    after = numbers[-1].end
    words = meeting.stream.words[after : min(end, after + TO_AGENDA)]
    for n, word in enumerate(words):
        if Cue.AGENDA in meeting.cues.of(word) and n and words[n - 1] not in _ONTO:
            return after + n
    return None
