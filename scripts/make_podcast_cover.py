"""Draws the picture that podcasts are shown with (web/static/podcast.png) from the shapes of web/static/icon.svg.

Needs Pillow. Run it again where the icon changes; the picture is kept beside the icon.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

TARGET = Path(__file__).parents[1] / "web" / "static" / "podcast.png"
SIZE = 1400  # pixels; the least that directories of podcasts take
UNITS = 32  # of the icon's own measure, here with some air around it
AIR = 2
GROUND, SIGN = "#17324a", "#ffffff"
SHAPES = (
    ((6, 12), (26, 12), (24, 16.5), (8, 16.5)),
    ((11, 18), (21, 18), (22.5, 27), (9.5, 27)),
)


def main() -> None:
    scale = SIZE / (UNITS + 2 * AIR)
    picture = Image.new("RGB", (SIZE, SIZE), GROUND)
    draw = ImageDraw.Draw(picture)
    for shape in SHAPES:
        draw.polygon([((x + AIR) * scale, (y + AIR) * scale) for x, y in shape], fill=SIGN)
    left, right, radius = (15 + AIR) * scale, (17 + AIR) * scale, scale
    draw.rounded_rectangle((left, (5 + AIR) * scale, right, (12 + AIR) * scale), radius, fill=SIGN)
    picture.quantize(8).save(TARGET, optimize=True)


if __name__ == "__main__":
    main()
