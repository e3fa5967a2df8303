"""The API keeps what its description says: schemathesis asks it what may be asked and what may not, with every check.

`make test-api` asks for longer (`TALERSTOL_TEST_API_EXAMPLES`: questions for each operation and kind).
"""

from __future__ import annotations

import os
import warnings
from contextlib import nullcontext, suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

from tests.web.conftest import MAIN, Built
from web.openapi import document

with warnings.catch_warnings():  # of the packages it brings
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.generation import GenerationMode
    from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES = int(os.environ.get("TALERSTOL_TEST_API_EXAMPLES", "10"))
PATHS = sorted(document("/")["paths"])
# Whether a stretch can be quoted or cut is for the meeting to say, not for the shape of a request.
OF_THE_MEETING = ("/api/v1/meetings/{meeting_id}/clips", "/api/v1/meetings/{meeting_id}/quote")
LONGEST = 7_000  # bytes of a query; a longer address is not read at all (414)
DEEPEST = 1_000  # hits of a search that can be paged through: a bound on two parameters together


@pytest.fixture(scope="module")
def schema(built: Built) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", built.app)


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", PATHS)
def test_every_operation(schema: schemathesis.BaseSchema, path: str, mode: GenerationMode) -> None:
    operation = schema[path]["GET"]

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy(generation_mode=mode), st.booleans())
    def ask(case: schemathesis.Case[Any], known: bool) -> None:
        query = case.query or {}
        if mode is GenerationMode.POSITIVE and path == "/api/v1/search":
            assume(query.get("page", 1) * query.get("per_page", 20) <= DEEPEST)
        if mode is GenerationMode.NEGATIVE:  # a parameter without a value is as if it were left out
            assume(all(value not in ("", [], [""]) and value is not None for value in query.values()))
            # An object is written as its keys, and those may be what is asked for.
            assume(not any(isinstance(value, dict) for value in query.values()))
        if known and "meeting_id" in case.path_parameters:
            case.path_parameters["meeting_id"] = MAIN
        assume(len(urlencode(query, doseq=True)) < LONGEST)
        answered = mode is GenerationMode.POSITIVE and path in OF_THE_MEETING
        case.call_and_validate(excluded_checks=[positive_data_acceptance] if answered else [])

    # Of some operations nothing wrong can be asked: any text may be the id of a meeting.
    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        ask()
