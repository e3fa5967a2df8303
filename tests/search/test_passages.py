from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from catalogue import PublishedItem, PublishedMeeting, Sentence, SetBy, SpanStatus
from search import passages
from search.stored import dump_passage, load_passage

ITEM = PublishedItem(
    0, "7 a", "Ny cykelsti", "", True, "", SpanStatus.DISCUSSED, 0.0, 100.0, 0.9, None, SetBy.MACHINE
)


def meeting(sentences: list[Sentence]) -> PublishedMeeting:
    return PublishedMeeting(
        "m", "Møde", date(2025, 9, 24), "Byrådet", "Tranevig", (ITEM,), tuple(sentences), (), ()
    )


rows = st.lists(
    st.tuples(
        st.floats(0.1, 20), st.floats(0, 15), st.sampled_from(["Karen Holm (A)", "Jens Bro (V)", None]),
        st.sampled_from([None, 0]), st.integers(1, 70),
    ),
    max_size=25,
)  # fmt: skip


@given(rows)
def test_every_sentence_is_in_one_passage_at_its_time(
    given_rows: list[tuple[float, float, str | None, int | None, int]],
) -> None:
    sentences, clock = [], 0.0
    for length, pause, speaker, item, words in given_rows:
        clock += pause
        sentences.append(Sentence(clock, clock + length, " ".join(["ord"] * words), speaker, item, 1))
        clock += length
    made = passages(meeting(sentences))
    assert " ".join(p.text for p in made) == " ".join(s.text for s in sentences)
    assert [(a, b) for p in made for _, a, b in p.sentences] == [(s.start, s.end) for s in sentences]
    assert len({p.id for p in made}) == len(made)
    for p in made:
        assert p.start == p.sentences[0][1] <= p.sentences[-1][2] <= p.end
        assert len(p.text.split()) <= 60 or len(p.sentences) == 1
        assert (p.item, p.item_title) in ((None, None), ("7 a", "Ny cykelsti"))
        assert p.party == {"Karen Holm (A)": "A", "Jens Bro (V)": "V", None: None}[p.speaker]
        assert load_passage(dump_passage(p)) == p
