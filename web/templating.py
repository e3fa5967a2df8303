"""Jinja as the pages need it: everything escaped, an undefined name is an error, Danish filters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from catalogue import InputError, Settings
from web import moments
from web.language import DANISH, LANGUAGES, Language, translations
from web.static_files import STATIC, static
from web.structured import structured
from web.words import Words

HERE = Path(__file__).parent
DESIGN = Path("vendor") / "dkfds" / "css" / "dkfds.min.css"


class Templates:
    """The templates of the site, and a fingerprint of them and of what they say about the site."""

    def __init__(self, settings: Settings) -> None:
        self._words = {language: Words(language) for language in LANGUAGES}
        self._environments = {
            language: _environment(settings, words) for language, words in self._words.items()
        }
        self.fingerprint = _fingerprint(settings)

    def words(self, language: Language) -> Words:
        return self._words[language]

    def render(self, template: str, context: Mapping[str, object], language: Language = DANISH) -> str:
        return self._environments[language].get_template(template).render(context)

    def fragment(self, template: str, context: Mapping[str, object], language: Language = DANISH) -> Markup:
        """A piece of a page, safe to set into another template as it is."""
        return Markup(self.render(template, context, language))


def _environment(settings: Settings, words: Words) -> Environment:
    language = words.language
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    said = translations(language)
    # What i18n adds to an environment; its callables escape what is set into a text.
    environment.install_gettext_callables(said.gettext, said.ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "clock": moments.clock,
        "seconds": moments.address_seconds,
        "danish_day": moments.danish_day,
        "machine_duration": moments.machine_duration,
        "short_date": words.short_date,
        "number": words.number,
        "lasting": words.length,
        "became": words.became,
        "set_by": words.set_by,
        "origin": words.origin,
        "doubt": words.doubt,
        "percent": words.percent,
        "tiny_percent": words.tiny_percent,
        "month": words.month,
        "short_month": words.short_month,
        "why": words.why,
        "query": _query,
        "quoted": words.quoted,
    }
    environment.globals |= {
        "site_name": settings.site_name,
        "operator": settings.operator,
        "contact": settings.contact,
        "phone": settings.phone,
        "base_url": settings.base_url.rstrip("/"),
        "design_css": static(DESIGN.as_posix()) if design_fetched() else None,
        "static": static,
        "count": words.count,
        "language": language,
        "languages": LANGUAGES,
        "link": language.link,
        # What is said and what publishers write is Danish on every page; what stands among it is of the page.
        "in_danish": _spoken_as(DANISH, language),
        "in_this_language": _spoken_as(language, language),
        "structured": lambda meeting: structured(meeting, settings),
    }
    return environment


def _spoken_as(text: Language, page: Language) -> Markup:
    """The attribute for a text in this language; nothing on Danish pages, where all is Danish."""
    return Markup("") if page is DANISH else Markup(f' lang="{text.code}"')


def design_fetched() -> bool:
    """Whether the design system is in place (scripts/fetch_design.py puts it there)."""
    return (STATIC / DESIGN).is_file()


def design_files() -> str:
    """Where the design system is, for `talerstol check`. Raises `InputError` where it was not fetched."""
    if not design_fetched():
        raise InputError("was not fetched; pages are plainer", remedy="Run scripts/fetch_design.py.")
    return "DKFDS is in place"


def _query(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs)


def _fingerprint(settings: Settings) -> str:
    """Tags of pages change with the templates they are made from."""
    said = (settings.site_name, settings.base_url, settings.operator, settings.contact, settings.phone)
    made_of = hashlib.sha256(repr((said, design_fetched())).encode())
    for folder in ("templates", "locale", "static/css", "static/js"):
        for file in sorted((HERE / folder).rglob("*")):
            made_of.update(file.read_bytes() if file.is_file() else b"")
    return made_of.hexdigest()[:16]
