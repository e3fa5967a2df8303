"""`docs/bad-input.md` out of what the gallery says.

python -m tests.pipeline.gallery.page > docs/bad-input.md
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import stamina

from catalogue import Settings
from pipeline.archive import Archive, open_archive
from pipeline.terminal.logs import configure_logging
from tests.pipeline.gallery.run import CASES, Shown, hang
from tests.pipeline.gallery.world import World, world

HEAD = """# Bad input

What the archive says of input that is broken, odd or hostile: each row is a case of the gallery in
`tests/pipeline/gallery/`, which puts all of them into one archive between good meetings and runs it once. This page is
made from what that run says (`python -m tests.pipeline.gallery.page`), and a test holds the two against each other.

**fine**: all is done, there is nothing to say. **review**: all is done, and a person is told what to look at.
**waits**: nothing is wrong, and a later run has it. **failed**: one line in the report, and the others go on.
**refused**: `talerstol add` takes nothing of it. Where `add` and the run say the same, it is given once; `⏎` is a line's
end.

| case | how it is made | ends | what is said |
|---|---|---|---|
"""


@contextmanager
def gallery(folder: Path) -> Iterator[tuple[Archive, World]]:
    """An archive that may ask our own server and no other private address."""
    (folder / "made").mkdir()
    settings = Settings(home=folder / "home", http_timeout=1.0, max_download_bytes=50_000_000)  # type: ignore[call-arg]
    with pytest.MonkeyPatch.context() as patch, world(folder / "made") as made:
        patch.setattr("ingest.connections._is_public", lambda address: address == "127.0.0.1")
        patch.setattr("ingest.http.SLOWEST", 2)
        stamina.set_testing(True, attempts=2)
        try:
            with open_archive(settings) as archive:
                yield archive, made
        finally:
            stamina.set_testing(False)


def row(shown: Shown) -> str:
    said = [shown.at_add, shown.by_run, "; ".join(shown.review)]
    told = " · ".join(dict.fromkeys(text for text in said if text)).replace("|", "\\|")
    how = shown.case.how.replace("|", "\\|")
    return f"| {shown.case.name} | {how} | {shown.ends} | {told} |"


def main() -> None:
    configure_logging()  # so that nothing else is said on stdout
    with tempfile.TemporaryDirectory() as folder, gallery(Path(folder)) as (archive, made):
        hung = hang(archive, made, CASES)
        sys.stdout.write(HEAD + "".join(row(shown) + "\n" for shown in hung.shown.values()))


if __name__ == "__main__":
    main()
