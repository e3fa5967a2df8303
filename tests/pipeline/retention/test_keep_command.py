"""`talerstol keep`: a person's word goes before the rules."""

from __future__ import annotations

import json

from tests.pipeline.conftest import Material, Talerstol


def test_what_is_kept_is_listed_and_can_be_taken_back(talerstol: Talerstol, material: Material) -> None:
    added = talerstol("add", str(material.sound), "--agenda", str(material.agenda("2025-09-24")))
    meeting = added.out.split()[-1]
    said = talerstol("keep", meeting, "--why", "klage 26/118", "--by", "Anna")
    assert said.code == 0 and "--release" in said.out
    assert "Anna: klage 26/118" in talerstol("keep").out
    assert "klage 26/118" in talerstol("status", meeting).out
    assert json.loads(talerstol("keep", meeting, "--release", "--json").out) == {
        "released": 1, "gone": [], "kept": [],
    }  # fmt: skip
    for wrong in (("keep", meeting), ("keep", "--why", "x"), ("keep", "nobody", "--why", "x"),
                  ("keep", meeting, "--why", "x", "--release")):  # fmt: skip
        refused = talerstol(*wrong)
        assert refused.code == 2 and refused.err.strip(), wrong
