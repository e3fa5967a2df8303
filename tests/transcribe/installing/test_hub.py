"""Fetching from a hub that answers as the real one does: what it says, breaks off, hides or refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalogue import InputError, SourceError, TalerstolError
from tests.transcribe.installing.hub_server import COMMIT, Hub
from transcribe import silent
from transcribe.installing.hub import HubFile, HubModel, HubSilent, download, look_up

Serve = Callable[[Path], Hub]
WEIGHTS = bytes(range(256)) * 4_000


@pytest.fixture
def hub(serve: Serve, tmp_path: Path) -> Hub:
    pytest.importorskip("huggingface_hub", reason="the extra [transcribe] is not installed")
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.bin").write_bytes(WEIGHTS)
    return serve(folder)


def weights_of(model: HubModel) -> HubFile:
    return next(file for file in model.files if file.name == "model.bin")


def test_a_model_is_looked_up_and_fetched_whole(hub: Hub, tmp_path: Path) -> None:
    model = look_up(hub.id, "", 10)
    assert model.revision == COMMIT
    heard: list[float] = []
    download(model, weights_of(model), tmp_path / "model.bin", lambda done, _: heard.append(done))
    assert (tmp_path / "model.bin").read_bytes() == WEIGHTS
    assert heard == sorted(heard) and heard[-1] == len(WEIGHTS)
    assert not (tmp_path / "model.bin.part").exists()
    assert hub.agents == {"talerstolen"}  # and nothing about this machine
    assert len(hub.asked) == 3  # the model, the file, where it is kept; huggingface_hub likes to ask for more


def test_a_token_is_sent_to_the_hub_and_not_to_its_store(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    model = look_up(hub.id, "main", 10)
    download(model, weights_of(model), tmp_path / "model.bin", silent)
    sent = {path.split("/")[1]: authorization for path, _, authorization in hub.asked}
    assert sent == {"api": "Bearer hf_secret", "someone": "Bearer hf_secret", "kept": ""}


@pytest.mark.usefixtures("impatient")
def test_a_transfer_that_is_cut_off_goes_on_where_it_stopped(hub: Hub, tmp_path: Path) -> None:
    hub.cuts["model.bin"] = [300_000, 200_000]
    model = look_up(hub.id, "", 10)
    download(model, weights_of(model), tmp_path / "model.bin", silent)
    assert (tmp_path / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges_of("model.bin") == ["", "bytes=300000-", "bytes=500000-"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("ranges", [True, False])
def test_a_later_call_goes_on_with_what_an_earlier_one_left(hub: Hub, tmp_path: Path, ranges: bool) -> None:
    hub.ranges = ranges
    (tmp_path / "model.bin.part").write_bytes(WEIGHTS[:700_000])
    model = look_up(hub.id, "", 10)
    download(model, weights_of(model), tmp_path / "model.bin", silent)
    assert (tmp_path / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges_of("model.bin") == ["bytes=700000-"]


@pytest.mark.usefixtures("impatient")
def test_a_hub_that_only_breaks_off_is_given_up_and_what_came_is_kept(hub: Hub, tmp_path: Path) -> None:
    hub.cuts["model.bin"] = [100_000] + [0] * 100
    model = look_up(hub.id, "", 10)
    with pytest.raises(HubSilent, match="--from FOLDER"):
        download(model, weights_of(model), tmp_path / "model.bin", silent)
    assert (tmp_path / "model.bin.part").read_bytes() == WEIGHTS[:100_000]


@pytest.mark.usefixtures("impatient")
def test_no_more_is_written_than_the_hub_said(hub: Hub, tmp_path: Path) -> None:
    model = look_up(hub.id, "", 10)
    hub.files["model.bin"] += WEIGHTS
    with pytest.raises(HubSilent, match="too long"):
        download(model, weights_of(model), tmp_path / "model.bin", silent)
    assert (tmp_path / "model.bin.part").stat().st_size <= len(WEIGHTS)


def test_what_is_not_what_the_hub_says_is_thrown_away(hub: Hub, tmp_path: Path) -> None:
    hub.says_sha256 = "0" * 64
    model = look_up(hub.id, "", 10)
    with pytest.raises(SourceError, match=r"someone/tiny/model.bin.*sha256"):
        download(model, weights_of(model), tmp_path / "model.bin", silent)
    assert not list(tmp_path.glob("model.bin*"))


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        ((401, "RepoNotFound", ""), InputError, "no such model.*`talerstol models`"),
        ((401, "", "Invalid credentials in Authorization header"), SourceError, "401.*HF_TOKEN"),
        ((403, "GatedRepo", ""), SourceError, "terms.*Accept them"),
        ((404, "RepoNotFound", ""), InputError, "no such model"),
        ((404, "", ""), SourceError, "404"),
        ((500, "", ""), HubSilent, "500.*--from FOLDER"),
    ],
)
def test_what_the_hub_refuses_is_said_with_the_way_out(
    hub: Hub, error: tuple[int, str, str], kind: type[TalerstolError], says: str
) -> None:
    hub.error = error
    with pytest.raises(kind, match=f"(?s)someone/tiny: .*{says}") as raised:
        look_up("someone/tiny", "", 10)
    assert raised.value.remedy


def test_a_revision_that_is_not_there(hub: Hub) -> None:
    with pytest.raises(InputError, match="no such revision"):
        look_up(hub.id, "v9", 10)


def test_an_id_that_would_lead_elsewhere_is_never_sent(hub: Hub) -> None:
    for identity in ("../../etc/passwd", "someone", "a/b/c", "someone/ti ny", "https://x.org/y"):
        with pytest.raises(InputError, match="no id"):
            look_up(identity, "", 10)
    assert not hub.asked


def test_an_answer_that_makes_no_sense(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in ({"id": "x"}, {"id": "x", "sha": "../..", "siblings": []}, {"id": "x", "siblings": 5}):
        monkeypatch.setattr(Hub, "description", lambda _, answer=answer: json.loads(json.dumps(answer)))
        with pytest.raises(SourceError, match="someone/tiny"):
            look_up("someone/tiny", "", 10)


def test_no_hub_at_all(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(HubSilent, match=r"(?s)cannot be reached.*--from FOLDER"):
        look_up("someone/tiny", "", 10)
