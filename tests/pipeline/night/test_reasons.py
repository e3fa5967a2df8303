"""Why something failed, in plain Danish: by what our errors say, and never by a number that happens to be in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import DiskFull, InputError, Settings
from ingest.connections import PrivateAddress, TooSlow
from ingest.http import CutTransfer, HttpFailure, TooLarge
from ingest.media import probe
from ingest.portals.polite import LeftAlone, ServerBusy
from pipeline.night.discreet import discreet
from pipeline.night.mail import MailFailed
from pipeline.night.outcome import Part
from pipeline.night.reasons import STEPS, reason
from pipeline.retention import RETENTION
from pipeline.retention.retiring import LETTING
from pipeline.runs.faults import fault
from pipeline.runs.outcome import DISK
from pipeline.runs.steps import STEPS as ALL
from transcribe import ModelMissing

STREAM = "https://o.dk/a/404/503.m3u8"
ROOM = "there is too little room: 512.0 MB free, 503.0 MB are kept free"


def why(step: str, message: str) -> str:
    return reason(step, message).removeprefix(STEPS[step]).strip()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (HttpFailure(STREAM, 404), "Den er ikke (længere) på adressen."),
        (HttpFailure(STREAM, 410), "Den er ikke (længere) på adressen."),
        (HttpFailure(STREAM, 403), "Serveren giver ikke lov til at hente den."),
        (HttpFailure(STREAM, 451), "Serveren giver den ikke fra sig."),
        (CutTransfer(STREAM, "the server answers 503"), "Serveren, den ligger på, har en fejl lige nu."),
        (CutTransfer(STREAM, "the server answers 429"), "Serveren siger, at der spørges for ofte."),
        (ServerBusy(STREAM, 500, 404.0), "Serveren, den ligger på, har en fejl lige nu."),
        (LeftAlone(STREAM), "Portalen svarede ikke, så der blev ikke spurgt om resten."),
        (CutTransfer(STREAM, "the server fell silent"), "Serveren svarede ikke i tide."),
        (CutTransfer(STREAM, "the server cannot be reached"), "Serveren kunne ikke nås."),
        (CutTransfer(STREAM, "404 of 503 bytes came"), "Der kom ikke det hele: noget af optagelsen mangler."),
        (TooSlow(STREAM), "Serveren svarede ikke i tide."),
        (TooLarge(STREAM, 503 << 20), "Den er større eller længere, end indstillingerne tillader."),
        (PrivateAddress("10.0.4.4", STREAM), "Adressen fører ind på et privat net, og det er ikke tilladt."),
        (DiskFull(ROOM, where="/media/503"), "Der er for lidt plads på disken."),
        (ModelMissing("m-500", ""), "Talemodellen mangler på maskinen."),
    ],
)  # fmt: skip
def test_what_our_errors_say_is_said_in_danish(error: Exception, told: str) -> None:
    assert why("fetch", str(error)) == told


def test_of_a_file_neither_its_name_nor_its_folder_is_a_reason(tmp_path: Path) -> None:
    folder = tmp_path / "the server answers 404" / "protected against copying"
    folder.mkdir(parents=True)
    file = folder / "moede-503 larger than the hall.mp4"
    file.write_bytes(b"<html>" * 100)
    with pytest.raises(InputError) as found:
        probe(file)
    assert why("fetch", found.value.sentence) == "Det, der ligger på adressen, er ikke en optagelse."
    assert why("fetch", f"{file}: nothing that is known") == ""
    assert why("fetch", f"{STREAM}: nothing that is known\nMake room on the disk; is no recording.") == ""
    unkeyed = discreet(HttpFailure(f"{STREAM}?token=503", 403).sentence, ())
    assert why("fetch", unkeyed) == "Serveren giver ikke lov til at hente den."


def test_of_a_fault_it_is_said_that_it_is_one() -> None:
    assert why("mail", fault("KeyError")).startswith("Det er en fejl i programmet.")


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("the mail server refused the user name or the password",
         "Mailserveren afviste brugernavnet eller adgangskoden."),
        ("the mail server refused a@b.dk", "Mailserveren afviste modtageren."),
        ("the mail server answered 550", "Mailserveren afviste mailen."),
        ("the mail server answered 452", "Mailserveren tog ikke imod mailen lige nu."),
        ("the mail server cannot do what is set (STARTTLS, login)", "Mailserveren kan ikke det, der er sat op."),
        ("the mail server cannot be reached (OSError)", "Mailserveren kunne ikke nås."),
        ("the mail server did not answer, or broke off", "Mailserveren svarede ikke, eller afbrød."),
        ("no safe connection to the mail server (SSLError)", "Der kom ingen sikker forbindelse til mailserveren."),
    ],
)  # fmt: skip
def test_a_mail_that_failed_has_its_own_reasons_and_its_settings(
    settings: Settings, what: str, told: str
) -> None:
    at_587 = settings.model_copy(update={"smtp_host": "post.example.dk", "smtp_port": 587})
    said = why("mail", MailFailed(what, at_587).sentence)
    assert said.startswith(told) and "TALERSTOL_SMTP_…" in said and "docs/settings.md" in said


def test_every_step_has_words_and_the_unknown_has_too() -> None:
    steps = {step.name for step in ALL} | {part.value for part in Part}
    assert steps | {DISK, RETENTION, LETTING.name, "record"} <= STEPS.keys()
    assert reason("?", "") == "Noget gik galt."
