"""Danish number words, as a chair says them."""

from __future__ import annotations

from random import Random

_SMALL = (
    "nul et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten"
).split()
_TENS = {20: "tyve", 30: "tredive", 40: "fyrre", 50: "halvtreds", 60: "tres", 70: "halvfjerds", 80: "firs", 90: "halvfems"}  # fmt: skip
_ORDINALS = (
    "nulte første andet tredje fjerde femte sjette syvende ottende niende tiende ellevte tolvte trettende "
    "fjortende femtende sekstende syttende attende nittende tyvende"
).split()


def words(number: int, chance: Random) -> str:
    """57 as "syvoghalvtreds", sometimes in parts; 153 as "hundrede og treoghalvtreds" and its kin."""
    if number < 20:
        return "en" if number == 1 and chance.random() < 0.4 else _SMALL[number]
    if number < 100:
        tens, unit = number // 10 * 10, number % 10
        if not unit:
            return _TENS[tens]
        joint = " og " if chance.random() < 0.15 else "og"
        return ("en" if unit == 1 else _SMALL[unit]) + joint + _TENS[tens]
    hundreds, rest = divmod(number, 100)
    said = chance.choice(("hundrede", "et hundrede", "ethundrede")) if hundreds == 1 else f"{_SMALL[hundreds]} hundrede"  # fmt: skip
    return said + (chance.choice((" og ", " ")) + words(rest, chance) if rest else "")


def ordinal(number: int) -> str | None:
    return _ORDINALS[number] if 0 < number < len(_ORDINALS) else None


def said(number: str, chance: Random) -> str:
    """A number as a recogniser writes it: digits or words."""
    if not number.isdecimal() or chance.random() < 0.5:
        return number
    return words(int(number), chance)
