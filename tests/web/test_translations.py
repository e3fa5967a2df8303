"""Every text of the pages is there in English, with the same values in it."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from scripts.messages import FILE, said, translated

# The values in a text: `%(name)s` in templates, `{name}` in code.
VALUES = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with FILE.open("rb") as written:
        return read_po(written, locale="en")


def test_every_text_is_translated(english: Catalog) -> None:
    missing = [m.id for m in said() if m.id and (not (found := english.get(m.id)) or not translated(found))]
    assert not missing, "run scripts/messages.py and translate what waits"


def test_a_translation_has_the_values_of_its_text(english: Catalog) -> None:
    for message in english:
        if not message.id:
            continue
        wanted = {value for text in _texts(message.id) for value in VALUES.findall(text)}
        for text in _texts(message.string):
            assert set(VALUES.findall(text)) == wanted, message.id


def test_nothing_is_translated_that_is_no_longer_said(english: Catalog) -> None:
    now = {m.id for m in said()}
    assert not [m.id for m in english if m.id and m.id not in now]


def _texts(said: object) -> tuple[str, ...]:
    """A text, or its forms for one and for many."""
    return (said,) if isinstance(said, str) else tuple(said) if isinstance(said, (list, tuple)) else ()
