"""Why something failed, in plain Danish: by the step, and by the words that the command line has for it."""

from __future__ import annotations

import re

_Whys = tuple[tuple[re.Pattern[str], str], ...]

STEPS = {
    "begin": "Natten kunne ikke begynde.",
    "sync": "Portalen kunne ikke læses.",
    "run": "Kørslen standsede, før den var færdig.",
    "retention": "Det, der skal slettes efter jeres regler, kunne ikke slettes.",
    "retention.toml": (
        "Reglerne i retention.toml kan ikke bruges. Intet slettes, og ingen frister er kendt, før filen er rettet."
    ),
    "retire": "Optagelsen kunne ikke slettes, som jeres regler siger.",
    "export": "De åbne data kunne ikke skrives.",
    "report": "Rapporten kunne ikke samles helt.",
    "report_file": "Rapporten kunne ikke skrives i mappen til rapporter.",
    "mail": "Rapporten kunne ikke sendes med mail.",
    "disk": "Der er for lidt plads på disken, så noget af arbejdet venter.",
    "record": "Optagelsen af et direkte møde kunne ikke gøres færdig.",
    "fetch": "Optagelsen kunne ikke hentes.",
    "audio": "Lyden i optagelsen kunne ikke læses.",
    "transcribe": "Talen kunne ikke skrives ud.",
    "segment": "Dagsordenens punkter kunne ikke placeres.",
    "media": "Optagelsen kunne ikke gøres klar til afspilning.",
    "index": "Ændringen nåede ikke søgningen.",
}
NEXT = {
    "mail": "Se efter i indstillingerne TALERSTOL_SMTP_… og TALERSTOL_MAIL_… (docs/settings.md).",
}  # fmt: skip

# Why a video is here after its day, by what `talerstol night` found; and what helps where a run does not.
STAYS = {
    "not placed": "punkterne er ikke placeret i teksten endnu",
    "no text": "optagelsen er ikke skrevet ud endnu",
    "newer text": "der er kommet en ny tekst, og punkterne er ikke placeret i den endnu",
    "unreadable": "teksten kan ikke læses i arkivet",
    "empty": "teksten er tom",
    "newer at source": "kilden har en nyere optagelse, og den er ikke kommet hertil endnu",
    "not heard": "der er kommet en nyere optagelse, og den er ikke skrevet ud endnu",
    "not public": "teksten er ikke offentlig endnu",
}
NO_RUN_HELPS = {"unreadable": "talerstol check --deep", "empty": "talerstol status {}"}

_FAULT = (
    "fault in Talerstolen",
    "Det er en fejl i programmet. Loggen har enkelthederne; send dem til dem, der vedligeholder det.",
)


def _whys(*told: tuple[str, str]) -> _Whys:
    return tuple((re.compile(pattern, re.IGNORECASE), why) for pattern, why in told)


# The first that fits tells why. The left side is what our own errors say, in any part of their sentence; a number alone
# is none of it, for file names, sizes and ports have numbers too.
_WHY = _whys(
    (r"another run is at work", "En anden kørsel var i gang."),
    (r"another sync is at work", "En anden maskine spørger portalerne."),
    (r"another process is writing to the search index", "Noget andet skriver i søgningen."),
    (r"search index cannot be shared", "Søgningen ligger på en enkelt maskine, og en anden er i gang."),
    (r"host is not known", "Adressen findes ikke (længere), eller maskinen har ikke forbindelse til nettet."),
    (r"(?:answers|HTTP Error) (?:404|410)\b", "Den er ikke (længere) på adressen."),
    (r"(?:answers|HTTP Error) (?:401|403)\b", "Serveren giver ikke lov til at hente den."),
    (r"(?:answers|HTTP Error) 429\b", "Serveren siger, at der spørges for ofte."),
    (r"(?:answers|HTTP Error) 5\d\d\b", "Serveren, den ligger på, har en fejl lige nu."),
    (r"(?:answers|HTTP Error) \d\d\d\b", "Serveren giver den ikke fra sig."),
    (r"not asked for: the \d+ requests before", "Portalen svarede ikke, så der blev ikke spurgt om resten."),
    (r"fell silent|not answer|came too slowly|sends less than", "Serveren svarede ikke i tide."),
    (r"encryption or certificate", "Forbindelsen til serveren er ikke sikker (dens certifikat)."),
    (r"cannot be reached|connection refused", "Serveren kunne ikke nås."),
    (r"leads to a private address", "Adressen fører ind på et privat net, og det er ikke tilladt."),
    (r"protected against copying", "Strømmen er beskyttet; bed kommunen om selve optagelsen."),
    (r"segments are missing|transfer broke off|is cut off", "Der kom ikke det hele: noget af optagelsen mangler."),
    (r"still being written", "Filen er ved at blive skrevet; den læses, når den er færdig."),
    (r"file is no longer there|its file is gone", "Filen ligger der ikke mere."),
    (r"no recording was found on this page|this page has no recording", "Der er ingen optagelse på siden."),
    (r"larger than the|longer than \d", "Den er større eller længere, end indstillingerne tillader."),
    (r"is no recording", "Det, der ligger på adressen, er ikke en optagelse."),
    (r"file is empty", "Filen er tom."),
    (r"has no sound", "Der er ingen lyd i filen."),
    (r"no space left|disk is full|disk of the catalogue is full|too little room", "Der er for lidt plads på disken."),
    (r"cannot be deleted",
     "En fil kan ikke slettes: se efter, hvem der må skrive i mappen. Optagelsen vises ikke mere."),
    (r"permission denied|read-only file system", "Programmet har ikke adgang til mappen eller filen."),
    (r"without items now", "Portalen viser nu mødet uden punkter; det blev stående, som det var."),
    (r"speech model is not on|no speech model|is not installed", "Talemodellen mangler på maskinen."),
    (r"the portal answers with|the portal's (?:list|answer)", "Portalen svarede noget andet, end den plejer."),
    (r"malformed|cannot be read|can be read|cannot read it|could be decoded|cannot make out|is not TOML|is not JSON",
     "Det, der kom, kan ikke læses."),
)  # fmt: skip
_MAIL = _whys(
    (r"refused the user name or the password", "Mailserveren afviste brugernavnet eller adgangskoden."),
    (r"mail server refused", "Mailserveren afviste modtageren."),
    (r"mail server answered 4\d\d", "Mailserveren tog ikke imod mailen lige nu."),
    (r"mail server answered", "Mailserveren afviste mailen."),
    (r"mail server cannot do what is set", "Mailserveren kan ikke det, der er sat op."),
    (r"no safe connection", "Der kom ingen sikker forbindelse til mailserveren."),
    (r"did not answer, or broke off", "Mailserveren svarede ikke, eller afbrød."),
    (r"mail server cannot be reached", "Mailserveren kunne ikke nås."),
    (r"is not set, and TALERSTOL_SMTP_HOST is", "Der mangler en afsender eller en modtager."),
)  # fmt: skip
_OWN = {"mail": _MAIL, "retention.toml": (), "disk": ()}  # the last two say it all, by their step alone
_GONE = re.compile(
    r"host is not known|(?:answers|HTTP Error) (?:401|403|404|410)\b|file is no longer there|its file is gone|"
    r"no recording was found on this page",
    re.IGNORECASE,
)


def reason(step: str, message: str) -> str:
    """Up to three sentences for a person who is no programmer: what, why, and where to look."""
    what = STEPS.get(step, "Noget gik galt.")
    why = _FAULT[1] if _FAULT[0] in message else _first(message, _OWN.get(step, _WHY))
    return " ".join(part for part in (what, why, NEXT.get(step, "")) if part)


def gone(message: str) -> bool:
    """Whether a recording that could not be fetched is, as far as its source says, not there any more."""
    return bool(_GONE.search(_what(message)))


def _first(message: str, whys: _Whys) -> str:
    said = _what(message)
    return next((why for pattern, why in whys if pattern.search(said)), "")


def _what(message: str) -> str:
    """What a message says happened, without where that was (a path has words and numbers of its own) and without the
    way out, which stands on the next line. An address may have lost the colon behind it (`discreet`)."""
    line = message.partition("\n")[0]
    where, _, what = line.partition(" " if "://" in line.partition(" ")[0] else ": ")
    return what or where
