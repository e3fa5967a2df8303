"""What lies beside the data: who may use it how, and what is in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from catalogue import Settings
from web.open_data.dump import DumpFile
from web.open_data.licence import licence_of
from web.open_data.tables import TABLES, VERSION


def licence_text(settings: Settings) -> str:
    licence = licence_of(settings.data_licence)
    return f"""Åbne data fra {settings.site_name}

Licens: {licence.name}
{licence.address or ""}

Skriv, at data er fra {settings.site_name}{f" ({settings.base_url})" if settings.base_url else ""}, og hvornår de er hentet.

Licensen gælder arkivets eget: udskrifter, tider, opdeling efter dagsorden og samlingen af det hele. Det, der siges på
offentlige møder i folkevalgte forsamlinger, må som udgangspunkt gengives. Dokumenter, der linkes til, er udgiverens.

Licensen ændrer intet ved beskyttelsen af personoplysninger. Data nævner mennesker. Bruger du dem, er du selv
ansvarlig for det. Bliver noget fjernet fra arkivet, er det væk i næste udgave: hent den nye, og slet den gamle.

Udskrifterne er ikke officielle referater. Talegenkendelse hører fejl: lyt selv efter, før du citerer.
"""


def readme(settings: Settings, made: datetime, files: Iterable[DumpFile]) -> str:
    """A README in English and Danish, in Markdown."""
    listed = "\n".join(
        f"| `{file.name}` | {file.rows if file.rows is not None else ''} | {file.size} | `{file.sha256}` |"
        for file in files
    )
    tables = "\n\n".join(
        f"### {table.name}\n\n{table.said}\n\n"
        + "\n".join(
            f"- `{column.name}`{' (may be null)' if column.nullable else ''}: {column.said}"
            for column in table.columns
        )
        for table in TABLES
    )
    return f"""# Open data from {settings.site_name}

Made {made.isoformat(timespec="seconds")}. Format version {VERSION}. Licence: {licence_of(settings.data_licence).name}; see `LICENSE.txt`.

På dansk: Alt, hvad der er offentligt i arkivet, som tabeller. Hver linje i en `.jsonl.gz` er en række; `.parquet`
er det samme, hvor den er med. Lukkede punkter og det, der er fjernet, er ikke med.

All that is public in the archive, as tables. Each line of a `.jsonl.gz` file is a row (UTF-8, JSON, gzip); a
`.parquet` file of the same name holds the same rows, where it is there. `*.schema.json` describes the rows (JSON
Schema). `meeting` joins the tables. All times are seconds on the meeting's clock. What is closed or withheld is left
out; what is withheld later is gone from the next dump, and should be deleted by whoever keeps an older one.

## Files

| file | rows | bytes | sha256 |
|---|---|---|---|
{listed}

## Tables

{tables}
"""
