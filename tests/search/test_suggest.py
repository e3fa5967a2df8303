"""Suggestions from the embedded engine over the small archive, and over what a test says itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from catalogue import Settings
from search import EntitledItem, InvalidRequest, Passage, SearchEngine, SearchRequest, Word, suggestions
from search.engine import Search
from search.meili import MeiliBackend
from search.query import unfinished
from search.stored import dump_passage
from search.suggest import FORMS, MOST_CANDIDATES, PEOPLE_LOOKED_UP, SAMPLES
from search.vocabulary import Vocabulary
from tests.search.conftest import corpus, embedded


@dataclass
class Everything:
    """A view in which all is public but the sentences and titles that a test takes out."""

    without: tuple[str, ...] = ()
    entitled: list[EntitledItem] = field(default_factory=list)
    asked: int = 0
    unsettled: tuple[str, ...] = ()

    def says(self, passage: Passage, place: int) -> bool:
        self.asked += 1
        return not any(word in passage.text for word in self.without)

    def titled(self, meeting: str, title: str) -> bool:
        return not any(word in title for word in self.without)

    def items(self, words: Sequence[Word]) -> list[EntitledItem]:
        return self.entitled


ALL = Everything()


def words(engine: SearchEngine, typed: str, *without: str) -> tuple[str, ...]:
    return suggestions(engine, typed, Everything(without)).words


@pytest.fixture(scope="module")
def saying(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., SearchEngine]:
    """An engine over one meeting that says these sentences."""

    def make(*said: str) -> SearchEngine:
        like = corpus()[0][1][0]
        passages = [
            replace(
                like,
                id=f"m--{n:05}",
                meeting="m",
                opens="",
                text=text,
                sentences=((0, n * 30.0, n * 30.0 + 9),),
            )
            for n, text in enumerate(said)
        ]
        engine = embedded(tmp_path_factory.mktemp("index"))
        engine.rebuild([("m", passages)], lambda _: None)
        return engine

    return make


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("cykels", "cykelsti"),
        ("Cykels", "cykelsti"),
        ("abyh", "Åbyhøj"),
        ("aabyh", "Åbyhøj"),
        ("åbyh", "Åbyhøj"),
        ("tonder", "Tønder"),
        ("toender", None),  # typed whole: nothing is left to suggest
        ("tønd", "Tønder"),
        ("bornehav", "børnehave"),
        ("vindm", "vindmølle"),
        ("spildev", "spildevandsplanen"),
        ("1250", "1.250.000"),
    ],
)
def test_a_word_is_ended_as_it_is_spelled(oracle: SearchEngine, typed: str, suggested: str | None) -> None:
    found = words(oracle, typed)
    assert found[:1] == ((suggested,) if suggested else ())


def test_inflections_are_one(oracle: SearchEngine) -> None:
    assert words(oracle, "cykelst") == ("cykelsti",)  # not cykelstien too
    assert words(oracle, "cykelsti") == ()
    assert words(oracle, "budge") == ("budgetforlig", "budgettet")


def test_the_words_before_are_kept_and_meant(oracle: SearchEngine) -> None:
    assert words(oracle, "ny cykels") == ("ny cykelsti",)
    assert words(oracle, "Skolelukningen landsb") == ("Skolelukningen landsbyer",)
    assert words(oracle, '"ny cykelsti" kron') == ('"ny cykelsti" kroner',)
    assert words(oracle, "cykelsti vindm") == ("cykelsti vindmølle",)
    assert words(oracle, "cykelsti -kroner vindm") == ()  # where both are said, so is kroner
    assert words(oracle, "vindmølle svømmeh") == ()  # never said together


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "c",
        "cykels ",
        '"cykels',
        '"cykels"',
        "-cykels",
        "ny -cykels",
        "cykels,",
        "«ny cyk",
        "og",
        "§",
        "!?",
    ],
)
def test_nothing_is_ended_there(oracle: SearchEngine, typed: str) -> None:
    assert words(oracle, typed) == ()


def test_who_types_danish_letters_means_them(saying: Callable[..., SearchEngine]) -> None:
    engine = saying("Et honorar til foreningen.", "Vi holder høns i haven.")
    assert words(engine, "høn") == ("høns",)
    assert words(engine, "hon") == ("honorar", "høns")


def test_the_commonest_comes_first(saying: Callable[..., SearchEngine]) -> None:
    engine = saying("Her er en kajplads.", "Her er en kajak.", "Der er en kajak.", "Vi har en kajak nu.")
    assert words(engine, "kaj") == ("kajak", "kajplads")


def test_a_capital_is_a_names_or_stands_first_in_a_sentence(saying: Callable[..., SearchEngine]) -> None:
    engine = saying("Vindmøller larmer.", "Det sagde Vinther om sagen. Vindue mangler.", "NATO er med.")
    assert sorted(words(engine, "vin")) == ["Vinther", "vindmøller", "vindue"]
    assert words(engine, "nat") == ("NATO",)


def test_what_is_not_public_is_not_suggested(oracle: SearchEngine) -> None:
    assert words(oracle, "spildev") == ("spildevandsplanen",)
    assert words(oracle, "spildev", "Spildevandsplanen") == ()
    # Another form of the word stands where it is public.
    assert words(oracle, "cykelst", "En ny cykelsti") == ("cykelstien",)


def test_people_by_any_of_their_names(oracle: SearchEngine) -> None:
    def people(typed: str) -> list[str]:
        return [person.name for person in suggestions(oracle, typed, ALL).people]

    assert people("kar") == people("hol") == people("karen ho") == people("Holm Ka") == ["Karen Holm (A)"]
    assert people("ase") == people("aase") == people("ås") == ["Åse Lund (SF)"]
    assert people("sf") == people("karen sf") == people("k") == people('"karen') == people("kar -x") == []
    assert suggestions(oracle, "karen", ALL).people[0].passages == 40
    assert suggestions(oracle, "karen", Everything(("",))).people == ()


def item(title: str, day: date | None, number: str = "1") -> EntitledItem:
    return EntitledItem("m", "Møde", day, "Byrådet", "Tranevig", number, title, 0.0)


def test_items_newest_first_and_each_title_once(oracle: SearchEngine) -> None:
    old, new = date(2024, 1, 1), date(2025, 1, 1)
    view = Everything(
        entitled=[
            item("Høring om budget", new),
            item("Budget 2026", old),
            item("Budget 2027", None),
            item("Budget 2026", new, "2"),
        ]
    )
    found = suggestions(oracle, "budg", view).items
    assert [(i.title, i.number) for i in found] == [
        ("Budget 2026", "2"),
        ("Budget 2027", "1"),
        ("Høring om budget", "1"),
    ]
    assert suggestions(oracle, "b", view).items == ()
    assert suggestions(oracle, '"budget"', view).items == ()


def test_too_much_is_refused(oracle: SearchEngine) -> None:
    with pytest.raises(InvalidRequest):
        suggestions(oracle, "x" * 201, ALL)
    assert suggestions(oracle, "ord " * 50, ALL).words == ()
    assert suggestions(oracle, " ".join("abcdefghijkl") + " cykels", ALL).words == ()


def test_an_empty_index_suggests_nothing(tmp_path: Path) -> None:
    found = suggestions(embedded(tmp_path), "cyk", ALL)
    assert (found.words, found.people, found.items) == ((), (), ())


def test_a_changed_index_has_its_new_words_and_names(tmp_path: Path) -> None:
    engine = embedded(tmp_path)
    meetings = corpus()
    engine.rebuild(meetings[:1], lambda _: None)
    assert suggestions(engine, "ib", ALL).people == ()
    said = replace(
        meetings[1][1][0], speaker="Ib Krag", text="Xylofonen spiller.", sentences=((0, 0.0, 5.0),)
    )
    engine.replace_meeting(meetings[1][0], [said])
    assert [person.name for person in suggestions(engine, "ib", ALL).people] == ["Ib Krag"]
    assert [word.lower() for word in words(engine, "xylo")] == ["xylofonen"]
    engine.replace_meeting(meetings[1][0], [])
    assert suggestions(engine, "ib", ALL).people == ()
    assert words(engine, "xylo") == ()


class Counting:
    """An engine that counts what it is asked."""

    def __init__(self, engine: SearchEngine) -> None:
        self.vocabulary, self.names, self._engine, self.asked = engine.vocabulary, engine.names, engine, 0

    def samples(self, request: SearchRequest) -> tuple[int, tuple[Passage, ...]]:
        self.asked += 1
        return self._engine.samples(request)


@pytest.mark.parametrize("typed", ["be", "ko", "ma", "cykelsti k"])
def test_a_letter_costs_few_questions(oracle: SearchEngine, typed: str) -> None:
    engine = Counting(oracle)
    suggestions(engine, typed, Everything(("",)))  # type: ignore[arg-type]  # nothing is public: all is tried
    assert engine.asked <= MOST_CANDIDATES * FORMS + PEOPLE_LOOKED_UP


def test_meilisearch_is_asked_for_passages_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(home=tmp_path, meili_url="http://127.0.0.1:1")  # type: ignore[call-arg]
    backend, asked = MeiliBackend(settings), list[dict[str, Any]]()
    passage = corpus()[0][1][1]

    def answer(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        asked.extend(questions)
        return [{"hits": [{"passage": dump_passage(passage)}], "totalHits": 7}]

    monkeypatch.setattr(backend, "_answers", answer)
    monkeypatch.setattr(backend, "vocabulary", lambda: Vocabulary({"cykelsti": 7}, {}, {}))
    engine = Search(backend)
    assert words(engine, "cyk") == ("cykelsti",)
    (question,) = (q for q in asked if '"cykelsti"' in q["q"])
    assert "facets" not in question
    assert (question["sort"], question["page"], question["hitsPerPage"]) == (["newest:desc"], 1, SAMPLES)


@pytest.mark.parametrize(
    ("text", "before", "word"),
    [
        ("cyk", "", "cyk"),
        ("ny cyk", "ny ", "cyk"),
        ("nord-jyl", "nord-", "jyl"),
        ('"en to" t', '"en to" ', "t"),
    ],
)
def test_the_unfinished_word(text: str, before: str, word: str) -> None:
    found = unfinished(text)
    assert found is not None
    assert (found[0], found[1].surface) == (before, word)


def test_beginnings_of_a_vocabulary() -> None:
    vocabulary = Vocabulary({"boern": 3, "bog": 9, "bord": 5, "boernehave": 7, "ab": 1}, {}, {})
    assert vocabulary.beginning("bo") == (("bog", 9), ("boernehave", 7), ("bord", 5), ("boern", 3))
    assert vocabulary.beginning("born") == ()
    assert vocabulary.beginning("born", respelled=True) == (("boernehave", 7), ("boern", 3))
    assert vocabulary.beginning("x") == ()
