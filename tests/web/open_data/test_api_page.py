"""The page about the API: every operation, with an example that answers."""

from __future__ import annotations

import html
import re

import pytest
from starlette.testclient import TestClient

from web.open_data.api_page import SAID
from web.openapi import document


@pytest.mark.parametrize("path", ["/api", "/en/api"])
def test_every_operation_is_told_with_an_example_that_works(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.headers["content-type"].startswith("text/html")
    for address in document("/")["paths"]:
        assert f"GET {address}" in page.text
    examples = re.findall(r"curl &#39;([^&]+(?:&amp;[^&]+)*)&#39;|curl '([^']+)'", page.text)
    found = [html.unescape(first or second) for first, second in examples]
    assert len(found) == len(document("/")["paths"])
    for example in found:
        assert example.startswith("https://arkiv.example/api/v1/")
        assert client.get(example.removeprefix("https://arkiv.example")).status_code == 200, example


def test_every_operation_has_words_of_its_own() -> None:
    assert set(SAID) <= {described["get"]["operationId"] for described in document("/")["paths"].values()}
