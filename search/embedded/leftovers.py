"""What a commit that came to nothing left in an index's folder.

A commit writes which passages are deleted (`<segment>.<opstamp>.del`) before it writes meta.json. Where that fails (a full
disk, a kill), the next writer counts from the same opstamp, meets the file of its own name, and tantivy refuses to write
over it: no meeting of that segment could be replaced any more.
"""

from __future__ import annotations

import re
from pathlib import Path

from search.embedded.meta import read_meta

_DELETES = re.compile(r"[0-9a-f]{32}\.(\d+)\.del")


def remove_uncommitted(folder: Path) -> None:
    """For the one writer alone: delete what no meta.json ever named, since it is younger than the last commit."""
    committed = read_meta(folder).opstamp
    for file in folder.glob("*.del"):
        named = _DELETES.fullmatch(file.name)
        if named and int(named[1]) > committed:
            file.unlink()
