"""A meeting's agenda items as the list beside the player shows them."""

from __future__ import annotations

from dataclasses import dataclass

from catalogue import PublishedItem, PublishedMeeting, SetBy
from web.addresses import outward, sentence_anchor
from web.moments import address_seconds
from web.reading import Reading

UNSURE = 0.5  # below this confidence an item's time is shown as uncertain


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An agenda item as the list shows it. `href` is None where it has no time, `why` where no words placed it;
    `page` is the publisher's own, and of `attachments` each is a name with its address elsewhere, or None."""

    item: PublishedItem
    href: str | None
    why: str | None
    unsure: bool
    page: str | None
    attachments: tuple[tuple[str, str | None], ...]

    @property
    def by_machine(self) -> bool:
        """Whether its time was found in the talk, by nobody who said so."""
        return self.href is not None and self.item.set_by is SetBy.MACHINE


def item_rows(meeting: PublishedMeeting, reading: Reading) -> list[ItemRow]:
    return [
        ItemRow(
            item=item,
            href=_href(item, reading),
            why=_why(item),
            unsure=_unsure(item),
            page=outward(item.url),
            attachments=tuple((a.name or a.url, outward(a.url)) for a in item.attachments),
        )
        for item in meeting.items
    ]


def _why(item: PublishedItem) -> str | None:
    """Where the words were said that placed an item (or withdrew it)."""
    if item.evidence is None:
        return None
    return f"?t={address_seconds(item.evidence.at)}#{sentence_anchor(item.evidence.at)}"


def _href(item: PublishedItem, reading: Reading) -> str | None:
    if item.start is None:
        return None
    anchor = reading.item_anchors.get(item.position)
    return f"?t={address_seconds(item.start)}" + (f"#{anchor}" if anchor else "")


def _unsure(item: PublishedItem) -> bool:
    return item.start is not None and item.set_by is SetBy.MACHINE and item.confidence < UNSURE
