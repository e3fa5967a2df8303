"""What every room's tests share: a database of each kind, an empty home, and the material that may be absent."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings as hypothesis_settings

from catalogue import Settings
from tests.speech import RATE, Samples, read_clip, write_flac

# How long an example takes says more of the machine than of the code.
hypothesis_settings.register_profile("ours", deadline=None)
hypothesis_settings.load_profile("ours")

NO_MAKERS = "TALERSTOL_PAGE_MAKERS"
SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real material beside the project; a test that needs it is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared/data is not on this machine")
    return SHARED


@pytest.fixture(scope="session")
def clips(shared: Path) -> dict[str, Samples]:
    return {file.stem: read_clip(file) for file in sorted((shared / "speech").glob("*.wav"))}


@pytest.fixture(scope="session")
def joined(
    clips: dict[str, Samples], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[float, int], Path]:
    """A recording of at least so many seconds, joined from the clips in a random order with pauses."""
    folder = tmp_path_factory.mktemp("joined")

    def make(seconds: float, seed: int) -> Path:
        file = folder / f"{seconds:g}-{seed}.flac"
        chance, parts, length = random.Random(seed), list[Samples](), 0
        while length < seconds * RATE:
            pause = np.zeros(round(chance.uniform(0.3, 2.5) * RATE), dtype=np.int16)
            parts += [clips[chance.choice(list(clips))], pause]
            length += len(parts[-1]) + len(parts[-2])
        return file if file.exists() else write_flac(np.concatenate(parts), file)

    return make


@pytest.fixture(autouse=True, scope="session")
def _no_page_makers() -> Iterator[None]:
    """Two processes more for each server that a test starts are started only where they are what is tested."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(NO_MAKERS, "0")
        yield


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    for name in list(os.environ):
        meili = name.startswith("TALERSTOL_MEILI") and "search" in str(request.path)
        if name.startswith("TALERSTOL_") and name != NO_MAKERS and not meili:
            monkeypatch.delenv(name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty archive whose sources may be on loopback."""
    return Settings(home=tmp_path / "home", allow_private_addresses=True)  # type: ignore[call-arg]


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own on a socket in a temporary folder; skipped where the program is missing."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not programs:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="the extra [postgres] is not installed")
    bin_folder = programs[-1].parent
    folder = Path("/tmp") / f"talerstolen-pg-{os.getpid()}"  # a socket's path must be short
    folder.mkdir(mode=0o700)
    user: str | None = None
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("running as root and there is no user postgres")
        shutil.chown(folder, "postgres")
        user = "postgres"
    data = str(folder / "data")
    try:
        subprocess.run(
            [str(bin_folder / "initdb"), "-D", data, "-A", "trust", "-U", "talerstol", "--no-sync"],
            check=True, capture_output=True, cwd="/", timeout=120, user=user,
        )  # fmt: skip
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        subprocess.run(
            [str(bin_folder / "pg_ctl"), "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"],
            check=True, capture_output=True, cwd="/", timeout=120, user=user,
        )  # fmt: skip
        yield f"postgresql+psycopg://talerstol@/postgres?host={folder}"
    finally:
        subprocess.run(
            [str(bin_folder / "pg_ctl"), "-D", data, "-m", "immediate", "stop"],
            check=False, capture_output=True, cwd="/", timeout=60, user=user,
        )  # fmt: skip
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'catalogue.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url
