"""The languages of the pages. Danish is what the texts are written in; another is a catalogue in `locale/`.

A page in English is at the same path after `/en`; media, feeds and the API are the same for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from starlette.requests import Request

_QUERY = "%&=+-._~!$'()*,;:@/?"  # what may stand in a query as it is (RFC 3986)
LOCALE = Path(__file__).parent / "locale"


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is also Babel's locale; `prefix` comes before the path of every page in it."""

    code: str
    name: str
    prefix: str

    def link(self, path: str) -> str:
        """The address of a page in this language; one that is already in it stays as it is."""
        return path if self.prefix and path.startswith(f"{self.prefix}/") else f"{self.prefix}{path}"


DANISH = Language("da", "Dansk", "")
ENGLISH = Language("en", "English", "/en")
LANGUAGES = (DANISH, ENGLISH)


def N_(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text


@cache
def translations(language: Language) -> NullTranslations:
    """What turns a text of ours into this language. A text that is not translated stays Danish."""
    file = LOCALE / f"{language.code}.po"
    if language is DANISH or not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=language.code))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_of(request: Request) -> Language:
    """The language of the page that is asked for."""
    path = request.scope["path"]
    return ENGLISH if path == ENGLISH.prefix or path.startswith(f"{ENGLISH.prefix}/") else DANISH


def path_without_language(path: str) -> str:
    """The path of the same page in Danish: what a path is known by."""
    return path.removeprefix(ENGLISH.prefix) if path.startswith(f"{ENGLISH.prefix}/") else path


def without_language(request: Request) -> str:
    """The path of a page in any language, with its query: what its translation is asked for with."""
    # From the scope and not from `request.url`, which is put together with the Host header.
    path = path_without_language(request.scope["path"])
    path = "/" + quote(path.lstrip("/\\"))  # two slashes would lead to another site
    query = quote(request.scope["query_string"].decode("ascii", "replace"), safe=_QUERY)
    return f"{path}?{query}" if query else path
