"""What is told of an error that nobody expected: its kind alone, for its words may be what was said at a meeting."""

from __future__ import annotations

FAULT = "This is a fault in Talerstolen"


def fault(kind: str) -> str:
    """Two lines; `kind` is the error's type. The log has where it happened."""
    return f"{kind}\n{FAULT}; the log has the details."
