"""The reliability diagram: how often starts of a confidence are right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

SIDE, MARGIN = 320, 48
BINS = 10


def draw_reliability(sure: Sequence[tuple[float, bool]], file: Path) -> None:
    """One dot a tenth of confidence, its area the number of starts; on the line, it means what it says."""
    dots = []
    for n in range(BINS):
        inside = [(c, ok) for c, ok in sure if n / BINS <= c < (n + 1) / BINS or (n == BINS - 1 and c == 1.0)]
        if not inside:
            continue
        mean = sum(c for c, _ in inside) / len(inside)
        right = sum(ok for _, ok in inside) / len(inside)
        size = 3 + 9 * (len(inside) / len(sure)) ** 0.5
        dots.append(
            f'<circle cx="{_x(mean):.1f}" cy="{_y(right):.1f}" r="{size:.1f}" fill="#0059b3" fill-opacity=".75">'
            f"<title>{mean:.2f} said, {right:.2f} right, {len(inside)} starts</title></circle>"
            f'<text x="{_x(mean) - size - 4:.1f}" y="{_y(right) + 4:.1f}" text-anchor="end">{len(inside)}</text>'
        )
    ticks = "".join(
        f'<text x="{_x(v)}" y="{MARGIN + SIDE + 18}" text-anchor="middle">{v:g}</text>'
        f'<text x="{MARGIN - 8}" y="{_y(v) + 4}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    whole = SIDE + 2 * MARGIN
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" font-family="sans-serif" font-size="12">'
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>'
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#888"/>'
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#888" stroke-dasharray="4 4"/>'
        f"{ticks}{''.join(dots)}"
        f'<text x="{whole / 2}" y="{whole - 10}" text-anchor="middle">confidence said</text>'
        f'<text x="14" y="{whole / 2}" text-anchor="middle" transform="rotate(-90 14 {whole / 2})">share right</text>'
        f'<text x="{whole / 2}" y="26" text-anchor="middle">Starts of agenda items (number of starts at each dot)</text>'
        "</svg>\n",
        encoding="utf-8",
    )


def _x(value: float) -> float:
    return MARGIN + value * SIDE


def _y(value: float) -> float:
    return MARGIN + (1 - value) * SIDE
