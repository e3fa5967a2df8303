"""XML from outside, read without surprises: no document type, so no entities of its own and nothing fetched."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from catalogue import InputError

_BEGINS = re.compile(r"\s*(<\?xml|<[A-Za-zÆØÅæøå])")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DEEPEST = 200  # elements within each other; Word's HTML in a field has some thirty


def root_name(text: str) -> str:
    """The name of the first element, without its namespace; nothing where the text does not begin like XML."""
    found = re.match(
        r"\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--.*?-->\s*)*<(?:[\w.-]+:)?([\w.-]+)", text[:4096], re.DOTALL
    )
    return found[1] if found and _BEGINS.match(text) else ""


def load_xml(text: str, source: str) -> Element:
    """The root element, names without namespaces. Raises `InputError` for what is broken, or declares a type."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError(
            "the agenda declares a document type, which is not read",
            where=source,
            remedy="Export it again without a DOCTYPE.",
        )
    try:
        root = ElementTree.fromstring(_DECLARATION.sub("", text, count=1))
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(
            f"the agenda is broken XML ({error})", where=source, remedy="Export it again."
        ) from error
    _check_depth(root, source)
    for element in root.iter():
        element.tag = str(element.tag).rpartition("}")[2]
    return root


def text_of(element: Element | None, name: str = "") -> str:
    """The text of an element, or of the first child with a name; nothing where there is none."""
    found = element.find(name) if element is not None and name else element
    return "" if found is None else "".join(found.itertext())


def markup_of(element: Element | None) -> str:
    """What an element holds, as markup: fields hold HTML either escaped or as elements."""
    if element is None:
        return ""
    inside = "".join(ElementTree.tostring(child, encoding="unicode") for child in element)
    return (element.text or "") + inside


def children(element: Element | None, name: str) -> Iterator[Element]:
    return iter(()) if element is None else iter(element.findall(name))


def _check_depth(root: Element, source: str) -> None:
    level = [root]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return
    raise InputError(
        "the agenda is nested too deeply", where=source, remedy="Check that it is the right file."
    )
