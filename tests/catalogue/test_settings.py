from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import InputError, Settings, load_settings

DOCS = Path(__file__).parents[2] / "docs"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "talerstol.toml").write_text('model = "large-v3"\nbeam_size = 2\n', encoding="utf-8")
    monkeypatch.setenv("TALERSTOL_HOME", str(tmp_path))
    monkeypatch.setenv("TALERSTOL_BEAM_SIZE", "3")
    settings = load_settings()
    assert (settings.model, settings.beam_size, settings.home) == ("large-v3", 3, tmp_path)


@pytest.mark.parametrize("line", ["beam_size = 0", "no_such_setting = 1", "beam_size ="])
def test_a_wrong_setting_is_named_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    (tmp_path / "talerstol.toml").write_text(line, encoding="utf-8")
    monkeypatch.setenv("TALERSTOL_HOME", str(tmp_path))
    with pytest.raises(InputError) as wrong:
        load_settings()
    assert "TALERSTOL_" in wrong.value.sentence or "talerstol.toml" in wrong.value.sentence


def test_a_key_is_never_shown() -> None:
    assert "hush" not in repr(Settings(meili_key="hush"))  # type: ignore[arg-type, call-arg]


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    text = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert f"`TALERSTOL_{name.upper()}`" in text


def test_proxies_are_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TALERSTOL_HOME", str(tmp_path))
    monkeypatch.setenv("TALERSTOL_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example")
    with pytest.raises(InputError) as wrong:
        load_settings()
    assert "TALERSTOL_TRUSTED_PROXIES" in wrong.value.sentence
    for good in ("", "10.0.0.0/8, ::1/128"):
        monkeypatch.setenv("TALERSTOL_TRUSTED_PROXIES", good)
        assert load_settings().trusted_proxies == good
