"""What the gate doubts, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue import Word
from transcribe.gate import NOT_SPEECH, Doubt, doubts, has_loop, is_stock, plain
from transcribe.whisper import Heard, compression
from transcribe.windows import Speech, Window

TEN = Window(0.0, 10.0, (Speech(0.0, 10.0),))
SENTENCE = "Vi går nu over til behandlingen af forslaget om den nye lokalplan ved havnen i Vestbyen."


def heard(text: str, sure: float = -0.3, no_speech: float = 0.01, at_limit: bool = False) -> Heard:
    return Heard(text, (), sure, no_speech, compression(text), at_limit)


def spread(text: str, window: Window = TEN) -> list[Word]:
    """The words of a text, evenly over the whole window."""
    said = text.split()
    each = (window.end - window.start) / max(1, len(said))
    return [Word(window.start + n * each, window.start + (n + 1) * each, w, 0.9) for n, w in enumerate(said)]


def found(
    text: str, window: Window = TEN, sure: float = -0.3, no_speech: float = 0.01, at_limit: bool = False
) -> tuple[Doubt, ...]:
    return doubts(heard(text, sure, no_speech, at_limit), window, spread(text, window))


def seconds(length: float) -> Window:
    return Window(0.0, length, (Speech(0.0, length),))


def test_an_ordinary_sentence_is_believed() -> None:
    assert found(SENTENCE) == ()


def test_text_at_the_token_limit_is_doubted() -> None:
    assert found(SENTENCE, at_limit=True) == (Doubt.LIMIT,)


def test_text_that_compresses_too_well_is_a_loop() -> None:
    """Seven words again and again: no loop of a few words, but one that zlib finds."""
    again = " ".join(["det var rigtig godt at du kom"] * 8)
    assert not has_loop(plain(again))
    assert Doubt.LOOP in found(again)
    assert Doubt.LOOP not in found(" ".join([SENTENCE] * 2))


def test_the_names_it_was_told_and_nothing_else_are_an_echo() -> None:
    names = ("Gellerupparken", "Aarhus Vand", "Lillebæltsværket")

    def told(text: str) -> tuple[Doubt, ...]:
        return doubts(heard(text), TEN, spread(text), names)

    assert Doubt.ECHO in told("Gellerupparken, Aarhus Vand, Lillebæltsværket.")
    assert Doubt.ECHO in told("Så skal vi høre om Gellerupparken, Aarhus Vand og resten af området i dag.")
    assert Doubt.ECHO not in told("Vi taler i dag om Aarhus Vand og ikke om Gellerupparken som sådan.")
    assert Doubt.ECHO not in found("Gellerupparken, Aarhus Vand, Lillebæltsværket.")


def test_names_within_other_words_are_no_echo() -> None:
    text = "Jeg tror ikke at der bor ene mennesker i de huse der ligger ud til vandet."
    assert Doubt.ECHO not in doubts(heard(text), TEN, spread(text), ("Bor", "En"))


def test_text_where_the_model_itself_hears_nobody_is_doubted() -> None:
    assert Doubt.SILENT in found(SENTENCE, sure=-1.1, no_speech=0.7)
    assert Doubt.SILENT not in found(SENTENCE, sure=-0.9, no_speech=0.7)
    assert Doubt.SILENT not in found(SENTENCE, sure=-1.1, no_speech=0.5)
    assert Doubt.SILENT not in found("", sure=-1.1, no_speech=0.7)


def test_speech_without_text_is_doubted_and_marks_are_no_text() -> None:
    assert found("") == (Doubt.EMPTY,)
    assert found(" … - ♪") == (Doubt.EMPTY,)
    assert Doubt.EMPTY not in found("Ja.")


def test_more_words_than_anybody_says_are_doubted() -> None:
    said = "vi har jo alle sammen hørt at der var nogen som ikke kunne nå det".split()
    assert len(said) == 15
    assert Doubt.FAST in found(" ".join([*said, "her"]), seconds(2.0))
    assert Doubt.FAST not in found(" ".join(said), seconds(2.0))
    assert Doubt.FAST not in found("ja ja nej nej", seconds(0.3))  # a short cry may be quick


def test_seconds_of_speech_without_a_word_are_a_hole() -> None:
    words = [Word(n * 0.5, n * 0.5 + 0.5, "ord", 0.9) for n in range(20)]
    text = "Et to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten"
    assert doubts(heard(text), TEN, [w for w in words if not 4 <= w.start < 6.5]) == (Doubt.HOLE,)
    assert doubts(heard(text), TEN, [w for w in words if not 4 <= w.start < 6.0]) == ()


def test_far_fewer_words_than_the_speech_has_room_for_are_doubted() -> None:
    assert Doubt.SPARSE in found("Ja det er så", TEN)
    assert Doubt.SPARSE not in found("Ja det er så rigtigt", TEN)
    assert Doubt.SPARSE not in found("Ja", seconds(1.4))


def test_text_of_which_the_model_is_unsure_is_doubted() -> None:
    assert found(SENTENCE, sure=-1.01) == (Doubt.UNSURE,)
    assert found(SENTENCE, sure=-0.99) == ()


@given(
    st.text(alphabet="aå \n.,♪-'", max_size=60) | st.text(max_size=60),
    st.floats(-5, 0),
    st.floats(0, 1),
    st.booleans(),
    st.floats(0.1, 20),
)
def test_doubts_come_worst_first_and_once_whatever_was_heard(
    text: str, sure: float, no_speech: float, at_limit: bool, length: float
) -> None:
    against = found(text, seconds(length), sure, no_speech, at_limit)
    assert len(set(against)) == len(against)
    assert [list(Doubt).index(d) for d in against] == sorted(list(Doubt).index(d) for d in against)
    assert bool(plain(text)) == (Doubt.EMPTY not in against)


# Loops

LOOPED = "en to tre fire fem seks".split()


@pytest.mark.parametrize(("size", "times"), [(1, 4), (2, 4), (3, 4), (4, 3), (5, 3), (6, 3)])
def test_the_same_one_to_six_words_over_and_over_are_a_loop(size: int, times: int) -> None:
    before, after = "så er der".split(), "og det var det".split()
    assert has_loop([*before, *LOOPED[:size] * times, *after])
    assert not has_loop([*before, *LOOPED[:size] * (times - 1), *after])


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30), st.integers(1, 6), st.integers(4, 9))
def test_a_loop_is_found_behind_any_words(before: list[str], size: int, times: int) -> None:
    assert has_loop([*before, *LOOPED[:size] * times])


@given(st.lists(st.integers(), unique=True, max_size=60))
def test_words_that_are_all_different_are_no_loop(words: list[int]) -> None:
    assert not has_loop([str(word) for word in words])


# Stock phrases

MADE_UP = """
Tak fordi du så med
Tak fordi I så med.
Tak fordi du kiggede med!
Danske tekster af Nicolai Winther
Tekster af Nicolai Winther
Danske tekster af Jesper Buhl Scandinavian Text Service 2018
Scandinavian Text Service 2017
Undertekster af Amara.org-fællesskabet
Undertekster af Ai-Media
Undertekstning: Amara.org
Subtitles by the Amara.org community
Thanks for watching!
Thank you for watching.
www.opus-arte.com
♪♪
Musik
Untertitel im Auftrag des ZDF, 2020
Sous-titrage Société Radio-Canada
""".strip().splitlines()

SAID = """
Tak for ordet
Tak for ordet, formand.
Så er mødet slut, tak for i dag
Mødet er hævet.
Underskriften af protokollen
Så mangler vi kun underskriften af protokollen.
Copyright-reglerne gælder også for kommunens billeder.
Der er tekst på skærmen fra forvaltningen
Teksten i indstillingen er fra forvaltningen.
Se mere på kommunens hjemmeside
Man kan se mere på kommunens hjemmeside, hvis man har lyst.
Danske tekster af høj kvalitet
Danske lejeboliger i vores by
Vi har danske virksomheder, der kommer hertil fra Tyskland.
Det danske samfund er bygget af frivillige.
Den danske model er ikke opfundet af Venstre.
Oversættelsen af bilaget er ikke færdig endnu.
Oversættelse af pjecen koster ti tusinde.
Materialet er oversat af en tolk.
Tekstningen af mødet er et krav fra EU.
Teksten er skrevet af borgmesteren selv.
Titlerne på de anmeldte sager vil fremgå af www.folketingstidende.dk.
Høringssvarene ligger på www.aarhus.dk under dagsordenen.
Musikken fra festivalen kan høres i hele byen.
Musikskolen får en halv million mere.
Tak til forvaltningen for det store arbejde.
Tak for i dag.
Tak for spørgsmålet, det vil jeg gerne svare på.
Tak fordi I ville komme og høre om lokalplanen i aften.
Så går vi til punkt syv, spildevandsplanen.
Er der nogen, der ønsker ordet? Det er der ikke.
Det er vedtaget.
Kan vi godkende dagsordenen? Det kan vi.
Værsgo til Enhedslisten.
Jeg er helt enig med Socialdemokratiet.
Vi stemmer imod forslaget af hensyn til naboerne.
Det er et mindretal, der begærer sagen i byrådet.
Byen vokser, og der er brug for flere daginstitutioner.
Transporten til skolen betales af kommunen.
Referatet er godkendt uden bemærkninger fra udvalget.
Velkommen til byrådets møde her i aften.
Sagen udgår af dagsordenen.
Ja tak.
Nej.
""".strip().splitlines()


@pytest.mark.parametrize("text", MADE_UP)
def test_lines_that_models_make_up_are_stock(text: str) -> None:
    assert is_stock(text, TEN)
    assert is_stock(text.upper(), TEN)


@pytest.mark.parametrize("text", SAID)
def test_what_is_said_in_a_council_is_not_stock(text: str) -> None:
    assert not is_stock(text, TEN)


def test_stock_text_is_nobodys_and_what_is_only_doubtful_is_kept() -> None:
    assert found("Danske tekster af Nicolai Winther")[0] in NOT_SPEECH
    assert not {Doubt.LOOP, Doubt.LIMIT, Doubt.FAST, Doubt.HOLE, Doubt.UNSURE} & NOT_SPEECH


def test_a_single_word_is_taken_for_noise_only_where_hardly_anybody_speaks() -> None:
    assert is_stock("Mm.", seconds(0.3))
    assert not is_stock("Mm.", seconds(0.6))
    assert not is_stock("Nej.", seconds(0.3))  # a vote


def test_hardly_a_sentence_of_the_parliament_is_stock(shared: Path) -> None:
    files = sorted((shared / "folketinget").glob("M*/transcript.json"))
    if not files:
        pytest.skip("../shared/data/folketinget is not on this machine")
    taken = [
        s["text"] for f in files for s in json.loads(f.read_text())["segments"] if is_stock(s["text"], TEN)
    ]
    assert taken == []


def test_the_words_of_a_text_are_without_case_and_marks() -> None:
    assert plain("»Ja,« sagde KL-formanden: 18.30 — Østerå’s…") == [
        "ja", "sagde", "kl-formanden", "18", "30", "østerå’s",
    ]  # fmt: skip
    assert plain("♪ … _ -") == []
