"""Bring `web/locale/en.po` up to date with the texts in templates and code; new ones wait there for a translation.

    python scripts/messages.py

What is translated is kept; what is no longer said is dropped.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "web" / "locale" / "en.po"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"extensions": "jinja2.ext.i18n", "trimmed": "true", "silent": "false"}}
KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "count": (2, 3),
}


def said() -> Catalog:
    """Every text of the pages, Danish, with where it stands."""
    catalog = Catalog(locale="en", project="Talerstolen", charset="utf-8", fuzzy=False)
    for file, _, message, comments, context in extract_from_dir(
        ROOT / "web", METHODS, OPTIONS, KEYWORDS, comment_tags=()
    ):
        if message and message != ("", ""):
            catalog.add(message, None, [(f"web/{file}", None)], auto_comments=comments, context=context)
    return catalog


def translated(message: Message) -> bool:
    texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
    return (
        all(texts) and not message.fuzzy
    )  # fuzzy: its form changed, and it is not used before somebody has looked


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    catalog = said()
    if FILE.exists():
        with FILE.open("rb") as written:
            known = read_po(written, locale="en")
        known.update(catalog, no_fuzzy_matching=True)
        catalog = known
    with FILE.open("wb") as fresh:
        write_po(fresh, catalog, sort_output=True, ignore_obsolete=True, width=110, omit_header=True)
    waiting = [message.id for message in catalog if message.id and not translated(message)]
    for text in waiting:
        logging.info("waits: %s", text)
    logging.info("%d texts, %d wait for a translation", len(catalog), len(waiting))
    return 0


if __name__ == "__main__":
    sys.exit(main())
