"""Plans as tantivy's queries: exact terms, beginnings and phrases, and what they count for in the order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import reduce

from tantivy import FieldType, Occur, Order, Query, Schema

from search.contract import FILTERS, SearchRequest
from search.embedded.documents import section_number
from search.plan import Alternatives, Plan
from search.stored import KINDS, day_number

# The exact word first, a word that only a title has last; bench/searching.
NORM_BOOST, PARTS_BOOST, PREFIX_SCORE, WITHIN_SCORE, TITLE_SCORE, OTHERS = 1.5, 0.5, 0.5, 1.0, 0.3, 0.3
LAST_DAY = 10_000_000


class Queries:
    """The queries of an index. `titles` are the terms of all titles in it, marked and sorted."""

    def __init__(self, schema: Schema, titles: Sequence[str]) -> None:
        self._schema, self._titles = schema, titles

    def query(self, plan: Plan, request: SearchRequest) -> Query:
        """What a plan finds, within the filters of a request."""
        must = [self._phrase(phrase) for phrase in plan.phrases] + self._filters(request)
        without = [self._word(word, "context") for word in plan.without_words]
        without += [self._phrase(phrase) for phrase in plan.without_phrases]
        if request.without:
            without.append(Query.term_set_query(self._schema, "meeting", list(request.without)))
        clauses = self._words(plan) + [(Occur.Must, query) for query in must]
        clauses = clauses or [(Occur.Must, Query.all_query())]
        return Query.boolean_query([*clauses, *((Occur.MustNot, query) for query in without)])

    def _words(self, plan: Plan) -> list[tuple[Occur, Query]]:
        """Each word in the text or its titles; but not all of them in the titles alone, unless the passage opens one."""
        if len(plan.words) == 1 and plan.at_least is None and not plan.phrases:
            return [(Occur.Must, self._word(plan.words[0], "titles"))]
        must = _some_of([self._word(word, "context") for word in plan.words], plan.at_least)
        if not plan.words or plan.at_least == 0 or plan.phrases:
            return must
        if plan.at_least is None and not all(self._has_title_with(word) for word in plan.words):
            return must  # no title has it, so it is in the text
        here = reduce(either_of, [self._word(word, "titles") for word in plan.words])
        return [*must, (Occur.Must, Query.const_score_query(here, 0.0))]

    def _word(self, word: Alternatives, titles: str) -> Query:
        """The word in the text, or in the field `titles`."""
        either = [Query.boost_query(self.term("norm", term), NORM_BOOST) for term in sorted(word.norms)]
        either += [self.term("lemma", term) for term in sorted(word.lemmas)]
        either += [Query.boost_query(self.term("parts", term), PARTS_BOOST) for term in sorted(word.parts)]
        if word.within:  # all alike: a compound is no better an answer for being rare
            compounds = Query.term_set_query(self._schema, "lemma", sorted(word.within))
            either.append(Query.const_score_query(compounds, WITHIN_SCORE))
        either += [Query.const_score_query(self.term(titles, t), TITLE_SCORE) for t in word.marked()]
        if word.prefix is not None:
            either += [
                self._beginning("norm", word.prefix, PREFIX_SCORE),
                self._beginning(titles, KINDS["norm"] + word.prefix, TITLE_SCORE),
            ]
        if word.apart:
            together = all_of(*(self._word(part, titles) for part in word.apart))
            either.append(Query.boost_query(together, PARTS_BOOST))
        return Query.disjunction_max_query(either, OTHERS)

    def _beginning(self, field: str, prefix: str, score: float) -> Query:
        return Query.const_score_query(Query.regex_query(self._schema, field, f"{prefix}.*"), score)

    def _phrase(self, norms: tuple[str, ...]) -> Query:
        entitled = self._sequence("heading", norms)
        return either_of(self._sequence("norm", norms), Query.const_score_query(entitled, TITLE_SCORE))

    def _sequence(self, field: str, norms: tuple[str, ...]) -> Query:
        return (
            self.term(field, norms[0])
            if len(norms) == 1
            else Query.phrase_query(self._schema, field, list(norms))
        )

    def term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term)

    def _filters(self, request: SearchRequest) -> list[Query]:
        filters = [
            Query.const_score_query(reduce(either_of, (self.term(name, value) for value in values)), 0.0)
            for name in FILTERS
            if name != "section" and (values := getattr(request, name))
        ]
        if request.section:
            filters.append(self.in_sections([section_number(section) for section in request.section]))
        if request.from_ or request.to:
            first = day_number(request.from_) or 1
            last = day_number(request.to) or LAST_DAY
            days = Query.range_query(self._schema, "day", FieldType.Unsigned, first, last)
            filters.append(Query.const_score_query(days, 0.0))
        return filters

    def in_sections(self, sections: Sequence[int]) -> Query:
        terms = [Query.term_query(self._schema, "section", section) for section in sections]
        return Query.const_score_query(reduce(either_of, terms), 0.0)

    def _has_title_with(self, word: Alternatives) -> bool:
        """Whether any title has the word, or may have its parts."""
        begins = [KINDS["norm"] + word.prefix] if word.prefix is not None else []
        return bool(word.apart) or any(
            (at := bisect_left(self._titles, term)) < len(self._titles) and self._titles[at].startswith(term)
            for term in (*word.marked(), *begins)
        )


def _some_of(queries: list[Query], at_least: int | None) -> list[tuple[Occur, Query]]:
    """Clauses for so many of these (None: all)."""
    if at_least is None:
        return [(Occur.Must, query) for query in queries]
    if at_least == 0:  # beside a phrase: they only count for the order
        return [(Occur.Should, query) for query in queries]
    return [(Occur.Must, Query.boolean_query([(Occur.Should, query) for query in queries], at_least))]


def all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def either_of(a: Query, b: Query) -> Query:
    return Query.boolean_query([(Occur.Should, a), (Occur.Should, b)])


def order(plan: Plan, request: SearchRequest) -> tuple[str | None, Order]:
    if request.sort == "oldest":
        return "oldest", Order.Asc
    if request.sort == "newest" or not (plan.words or plan.phrases):
        return "newest", Order.Desc
    return None, Order.Desc
