"""Of a style sheet, the rules that can apply to our pages: those whose classes are all among ours.

Understands minified CSS without comments, which is what the design system publishes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# What our templates take from DKFDS; tests/web/test_design.py tells when one uses another of its classes.
CLASSES = frozenset(
    [
        *("button", "button-primary", "button-secondary"),
        *("form-label", "form-hint", "form-input", "form-select", "sr-only"),
    ]
)
# The faces that our own style sheet asks for.
FACES = frozenset([("400", "normal"), ("400", "italic"), ("600", "normal")])

_CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
_NOT = re.compile(r":not\([^()]*\)")
_GROUPS = ("@media", "@supports")


def subset(css: str) -> str:
    """The style sheet with only such rules, in their order."""
    kept = "".join(_kept(css))
    named = set(re.findall(r"animation(?:-name)?:([^;}]+)", kept))
    return "".join(
        f"{head}{{{body}}}"
        for head, body in _rules(kept)
        if not head.startswith("@keyframes") or any(head.split()[-1] in name for name in named)
    )


def classes(css: str) -> set[str]:
    """Every class that a style sheet has rules for."""
    found: set[str] = set()
    for head, body in _rules(css):
        if head.startswith(_GROUPS):
            found |= classes(body)
        elif not head.startswith("@"):
            found |= set(_CLASS.findall(head))
    return found


def _kept(css: str) -> Iterator[str]:
    for head, body in _rules(css):
        if head.startswith(_GROUPS):
            inner = "".join(_kept(body))
            if inner:
                yield f"{head}{{{inner}}}"
        elif head == "@font-face":
            if _face(body) in FACES:
                yield f"{head}{{{body}}}"
        elif head.startswith("@"):
            yield f"{head}{{{body}}}"
        else:
            ours = [selector for selector in _selectors(head) if _applies(selector)]
            if ours:
                yield f"{','.join(ours)}{{{body}}}"


def _face(body: str) -> tuple[str, str]:
    """The weight and style of a font face."""
    said = dict(re.findall(r"(font-(?:weight|style)):([^;]+)", body))
    weight = {"normal": "400", "bold": "700"}.get(
        said.get("font-weight", "400"), said.get("font-weight", "400")
    )
    return weight, said.get("font-style", "normal")


def _applies(selector: str) -> bool:
    return set(_CLASS.findall(_NOT.sub("", selector))) <= CLASSES


def _selectors(head: str) -> list[str]:
    """A list of selectors apart, but not within brackets."""
    return [part for part in re.split(r",(?![^([]*[)\]])", head) if part]


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """The outermost rules: what is before the braces, and what is within."""
    at, depth, head, begin = 0, 0, "", 0
    for found in re.finditer(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[{};]', css):
        sign = found[0]
        if sign == "{":
            if depth == 0:
                head, begin = css[at : found.start()].strip(), found.end()
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head, css[begin : found.start()]
                at = found.end()
        elif sign == ";" and depth == 0:  # @charset and the like
            at = found.end()
