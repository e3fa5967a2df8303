"""Titles as they are said aloud."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import spoken_title


@pytest.mark.parametrize(
    ("published", "spoken"),
    [
        ("15. Igangsættelse af klimasikring", "Igangsættelse af klimasikring"),
        ("Pkt. 42 Beslutninger om dagsordenen", "Beslutninger om dagsordenen"),
        ("Nr.301 Salg af areal", "Salg af areal"),
        ("Punkt 12 a: Budget", "Budget"),
        ("Beslutning: Endelig vedtagelse af plan", "Endelig vedtagelse af plan"),
        ("Beslutningssag: Tillæg 5", "Tillæg 5"),
        ("Orientering - Svinemosen – beslutning", "Svinemosen"),
        ("Til orientering: Svinemosen", "Svinemosen"),
        ("Genoptagelse: Spildevandsplan 2024 (Genoptaget)", "Spildevandsplan 2024"),
        ("Lokalplan 1246 — Endelig", "Lokalplan 1246"),
        ("Budget \u2013 Forslag", "Budget"),
        ("Skema A (orientering) for Grenhusene", "Skema A for Grenhusene"),
        ("2. behandling af budget 2026", "behandling af budget 2026"),
        ("Orientering", "Orientering"),
        ("15. Beslutning:", "Beslutning:"),
        ("2025 i tal", "2025 i tal"),
        ("Nr. Vium Skole", "Nr. Vium Skole"),
        ("Sag om vindmøller", "Sag om vindmøller"),
        ("Forslag fra KF", "Forslag fra KF"),
    ],
)
def test_spoken_title(published: str, spoken: str) -> None:
    assert spoken_title(published) == spoken


@given(st.text(max_size=80))
def test_any_title_keeps_words(title: str) -> None:
    said = spoken_title(title)
    assert any(map(str.isalnum, said)) or not any(map(str.isalnum, title))
    assert spoken_title(said) == said
