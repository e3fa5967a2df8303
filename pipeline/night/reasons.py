"""Why something failed, in plain Danish: by the step, and by the words that the command line has for it."""

from __future__ import annotations

import re

STEPS = {
    "begin": "Natten kunne ikke begynde.",
    "sync": "Portalen kunne ikke læses.",
    "run": "Kørslen standsede, før den var færdig.",
    "retention": "Det, der skal slettes efter jeres regler, kunne ikke slettes.",
    "export": "De åbne data kunne ikke skrives.",
    "report": "Rapporten kunne ikke samles helt.",
    "mail": "Rapporten kunne ikke sendes med mail.",
    "fetch": "Optagelsen kunne ikke hentes.",
    "audio": "Lyden i optagelsen kunne ikke læses.",
    "transcribe": "Talen kunne ikke skrives ud.",
    "segment": "Dagsordenens punkter kunne ikke placeres.",
    "media": "Optagelsen kunne ikke gøres klar til afspilning.",
    "index": "Ændringen nåede ikke søgningen.",
}

# The first that fits tells why. The left side is what our own errors say, in any part of their sentence.
_WHY = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), why)
    for pattern, why in (
        (
            r"fault in Talerstolen",
            "Det er en fejl i programmet. Loggen har enkelthederne; send dem til dem, der vedligeholder det.",
        ),
        (r"another run is at work", "En anden kørsel var i gang."),
        (r"host is not known", "Adressen findes ikke (længere), eller maskinen har ikke forbindelse til nettet."),
        (r"\b(404|410)\b", "Den er ikke (længere) på adressen."),
        (r"\b(401|403)\b", "Serveren giver ikke lov til at hente den."),
        (r"\b429\b", "Serveren siger, at der spørges for ofte."),
        (r"\b5\d\d\b", "Serveren, den ligger på, har en fejl lige nu."),
        (r"timed? ?out|stayed silent|no answer|did not answer", "Serveren svarede ikke i tide."),
        (r"cannot be reached|refused|unreachable|could not connect", "Serveren kunne ikke nås."),
        (r"broke off|cut off|missing, at", "Der kom ikke det hele: noget af optagelsen mangler."),
        (r"still being broadcast", "Mødet sendes stadig; den hentes, når det er slut."),
        (r"no longer there", "Filen ligger der ikke mere."),
        (r"no recording was found", "Der er ingen optagelse på siden."),
        (r"protected", "Strømmen er beskyttet; bed kommunen om selve optagelsen."),
        (r"private (network|address)|leads to this machine", "Adressen fører ind på et privat net, og det er ikke tilladt."),
        (r"larger than|longer than", "Den er større eller længere, end indstillingerne tillader."),
        (r"is no recording", "Det, der ligger på adressen, er ikke en optagelse."),
        (r"no sound", "Der er ingen lyd i filen."),
        (r"No space left|disk is full|make room", "Disken er fuld."),
        (r"without items now", "Portalen viser nu mødet uden punkter; det blev stående, som det var."),
        (r"no speech model|is not installed", "Talemodellen mangler på maskinen."),
        (r"malformed|cannot be read|is no |could be decoded|is not TOML", "Det, der kom, kan ikke læses."),
    )
)  # fmt: skip


def reason(step: str, message: str) -> str:
    """One or two sentences for a person who is no programmer."""
    what = STEPS.get(step, "Noget gik galt.")
    why = next((why for pattern, why in _WHY if pattern.search(message)), "")
    return f"{what} {why}".strip()
