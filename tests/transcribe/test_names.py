"""Which names a meeting has, and which of them a window may have misheard."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Agenda, AgendaItem, InputError
from transcribe.names import ALIKE, MOST_NAMES, MOST_TOLD, Names, names_file, names_in_agenda
from transcribe.whisper import HeardWord


def named(*titles: str) -> tuple[str, ...]:
    return names_in_agenda(Agenda(tuple(AgendaItem(str(n), title) for n, title in enumerate(titles))))


def words(text: str, probability: float = 0.4) -> list[HeardWord]:
    return [HeardWord(n * 0.3, n * 0.3 + 0.3, w, probability) for n, w in enumerate(text.split())]


# Of the agenda


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Ny cykelsti langs Strandvejen", ["Strandvejen"]),
        ("Råstofindvinding ved Tranum Klit", ["Tranum Klit"]),
        ("Anmodning fra Enhedslisten om frihed", ["Enhedslisten"]),
        ("Udpegning til Aarhus Vand A/S", ["Aarhus Vand A"]),
        ("Regnskab for Bent von Rosen", ["Bent von Rosen"]),
        ("KL og DGI om idræt", ["KL"]),
        ("Besøg hos Østerå’s venner", ["Østerå’s"]),
    ],
)
def test_what_is_written_with_a_capital_within_a_title_is_a_name(title: str, expected: list[str]) -> None:
    assert all(any(name.startswith(e) for name in named(title)) for e in expected)


@pytest.mark.parametrize(
    "title",
    ["Godkendelse af dagsorden", "Eventuelt", "Lukket møde", "Orientering", "", "2. budgetopfølgning"],
)
def test_the_first_word_of_a_title_is_no_name(title: str) -> None:
    assert named(title) == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Salg af Havnegade 12", "Havnegade"),
        ("Klimasikring af Kobberbækken", "Kobberbækken"),
        ("Godkendelse af Lokalplan 123 for Gellerupparken", "Lokalplan"),
        ("Udpegning af Jens Hansen og Peter Olsen", "Jens Hansen"),
        ("Forslag fra Socialdemokratiet, SF og Enhedslisten om letbane", "Enhedslisten"),
    ],
)
def test_names_behind_af_and_og_stand_for_themselves(title: str, name: str) -> None:
    assert name in named(title)


@pytest.mark.parametrize(
    "title",
    ["1. Godkendelse af dagsorden", "Lukket punkt: Salg af grund", "Budget 2026-2029. Anden behandling"],
)
def test_the_first_word_behind_a_number_a_colon_or_a_stop_is_no_name(title: str) -> None:
    assert named(title) == ()


def test_a_name_in_many_titles_is_there_once_and_in_order() -> None:
    assert named("Vej ved Ådalen", "Sti ved Borgen", "Bro ved Ådalen") == ("Ådalen", "Borgen")


@given(st.text(max_size=80))
def test_any_title_has_names_that_are_in_it(title: str) -> None:
    assert all(name in title and len(name) >= 2 for name in named(title))


def test_a_title_without_end_takes_no_time() -> None:
    began = time.process_time()
    named("A" * 20_000, "A " * 10_000, "A af " * 5_000 + "!", "a" * 20_000)
    assert time.process_time() - began < 1


# Of the municipality's list


def listed(folder: Path, content: bytes, municipality: str = "Århus") -> tuple[str, ...]:
    (folder / "aarhus.txt").write_bytes(content)
    return names_file(folder, municipality)


def test_a_list_has_a_name_a_line_and_remarks(tmp_path: Path) -> None:
    content = "\ufeff# Aarhus\nBjørn Ø\r\n\n  Aarhus Vand  # selskab\nBjørn Ø\n#slut\nDGI"
    assert listed(tmp_path, content.encode()) == ("Bjørn Ø", "Aarhus Vand", "DGI")


def test_without_a_list_there_are_no_names(tmp_path: Path) -> None:
    assert names_file(tmp_path, "Aarhus") == ()
    assert names_file(tmp_path / "nowhere", "Aarhus") == ()
    assert listed(tmp_path, b"DGI", municipality="") == ()
    assert listed(tmp_path, b"") == ()
    assert names_file(tmp_path, "../aarhus") == ()


def test_a_list_that_is_not_utf_8_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="UTF-8") as raised:
        listed(tmp_path, "Bjørn Ø".encode("latin-1"))
    assert "aarhus.txt" in raised.value.where


def test_a_list_is_bounded(tmp_path: Path) -> None:
    names = listed(tmp_path, "\n".join(f"{n} " + "x" * 500 for n in range(3 * MOST_NAMES)).encode())
    assert len(names) == MOST_NAMES
    assert max(map(len, names)) <= 80


# In a window


def test_an_unsure_word_that_sounds_like_a_name_is_suspected() -> None:
    names = Names(["Gellerupparken", "Aarhus Vand", "Kobberbækken"])
    assert names.suspected(words("Vi bygger i Gellerubparken nu")) == ("Gellerupparken",)
    assert names.suspected(words("tak til Århus Vand for det")) == ("Aarhus Vand",)
    assert names.suspected(words("det er Kober bækken her")) == ("Kobberbækken",)
    assert names.suspected(words("noget helt andet om budgettet")) == ()


def test_a_name_written_apart_is_suspected() -> None:
    assert Names(["Kobberbækken"]).suspected(words("det er Kobber bækken her")) == ("Kobberbækken",)


def test_words_the_model_is_sure_of_are_left_alone() -> None:
    names = Names(["Gellerupparken"])
    assert names.suspected(words("Vi bygger i Gellerubparken nu", probability=0.95)) == ()


@pytest.mark.parametrize(
    "text", ["Vi bygger i Gellerupparken nu", "Tak til Hansen og dem", "i Aarhus Vand er der vand"]
)
def test_names_heard_as_written_are_not_suspected(text: str) -> None:
    assert Names(["Gellerupparken", "Hansen", "Aarhus Vand"]).suspected(words(text)) == ()


@given(
    st.lists(st.text(min_size=1, max_size=20), max_size=30),
    st.lists(st.tuples(st.text(max_size=12), st.floats(0, 1)), max_size=20),
)
def test_whatever_was_heard_only_names_of_the_list_are_suspected(
    names: list[str], said: list[tuple[str, float]]
) -> None:
    heard = [HeardWord(n, n + 1, word, probability) for n, (word, probability) in enumerate(said)]
    suspected = Names(names).suspected(heard)
    assert len(suspected) <= MOST_TOLD
    assert len(set(suspected)) == len(suspected)
    assert set(suspected) <= set(names)
    assert Names(names).suspected(heard) == suspected


def test_the_likeliest_names_are_told_and_no_more_than_fit() -> None:
    names = [f"Kobberbækken{letter}" for letter in "abcdefghijklmnop"]
    suspected = Names([*names, "Kobberbekken"]).suspected(words("ved Kobberbækkens bred"))
    assert len(suspected) == MOST_TOLD
    assert 0 < ALIKE < 100


def test_two_thousand_names_and_sixty_unsure_words_take_no_time() -> None:
    chance = random.Random(1)

    def letters(least: int) -> str:
        return "".join(chance.choices("abdefghijklmnoprstuvæøå", k=chance.randint(least, 12))).title()

    names = Names(f"{letters(5)} {letters(5)}" if n % 2 else letters(5) for n in range(MOST_NAMES))
    heard = words(" ".join(letters(2) for _ in range(60)))
    began = time.process_time()
    names.suspected(heard)
    assert time.process_time() - began < 0.5  # 0.05 s on two cores


def test_told_names_are_counted_as_written_and_as_whole_words() -> None:
    names = Names(())
    told = ["Aarhus Vand", "Bo", "Gellerup"]
    assert names.told("I Aarhus Vand, siger Bo, er alt godt.", told) == 2
    assert names.told("Aarhus. vandet, bor Gellerupparken", told) == 0
    assert names.told("", told) == 0
