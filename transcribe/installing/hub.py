"""Models from the Hugging Face hub: what a model has, and its files. The one module that names huggingface_hub.

Nothing is fetched but by `talerstol models install`. huggingface_hub's own `hf_hub_download` begins anew after a kill
(its unfinished files are named at random, as of version 2); its `http_get` goes on, so that is what is used here.
HF_ENDPOINT names another hub; HF_TOKEN is sent where it is set, for models whose terms have to be accepted.
"""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from catalogue import InputError, SourceError, file_sha256
from ingest import Progress

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")
ATTEMPTS = 3  # each of which huggingface_hub tries five times itself where a server only is silent
HEADERS = {"user-agent": "talerstolen", "accept-encoding": "identity"}
ELSEWHERE = "Fetch the model's files on a machine that has network, and install it here with --from FOLDER."


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file of a model. `sha256` is known of the large ones."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model as it was at one commit, `revision`."""

    id: str
    revision: str
    files: tuple[HubFile, ...]


class HubSilent(SourceError):
    """The hub could not be reached, or fell silent: it may answer the next time."""


def look_up(hub_id: str, revision: str, timeout: float) -> HubModel:
    """What the hub has of a model now, or at a given commit, tag or branch."""
    from huggingface_hub import HfApi

    if not HUB_ID.fullmatch(hub_id):
        raise InputError("is no id of a model on the hub", where=hub_id, remedy="An id is owner/name.")
    _be_discreet()
    with _errors(hub_id):
        found = HfApi(headers=HEADERS).model_info(
            hub_id, revision=revision or None, files_metadata=True, timeout=timeout
        )
        files = tuple(
            HubFile(file.rfilename, file.size or 0, file.lfs.sha256 if file.lfs else "")
            for file in found.siblings or ()
        )
    if not found.sha or not re.fullmatch(r"[0-9a-f]{40}", found.sha):
        raise SourceError("the hub does not say which commit this is", where=hub_id, remedy=ELSEWHERE)
    return HubModel(hub_id, found.sha, files)


def download(model: HubModel, file: HubFile, target: Path, progress: Progress) -> None:
    """One file, whole and as the hub says it is, at `target`. Cut off, it goes on: at once, and at the next call."""
    part = target.with_name(target.name + ".part")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with _errors(model.id):
                _fetch(model, file, part, progress)
            break
        except HubSilent:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
    if file.sha256 and file_sha256(part) != file.sha256:
        part.unlink()
        raise SourceError(
            "the file is not what the hub says it is (wrong sha256)",
            where=f"{model.id}/{file.name}",
            remedy="Run the same command again.",
        )
    part.replace(target)


def _fetch(model: HubModel, file: HubFile, part: Path, progress: Progress) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    if part.exists() and part.stat().st_size > file.size:
        part.unlink()
    with _Watched(part, file.size, progress) as handle:
        http_get(
            hf_hub_url(model.id, file.name, revision=model.revision),
            cast("BinaryIO", handle),
            resume_size=handle.tell(),
            headers=build_hf_headers(headers=HEADERS),
            expected_size=file.size,
        )


def _be_discreet() -> None:
    """huggingface_hub tells the hub nothing of this machine, and a person nothing that we say ourselves."""
    from huggingface_hub import constants
    from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]

    constants.HF_HUB_DISABLE_TELEMETRY = True  # the variable of that name may have been read long ago
    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # a retry that helps is no news


class _Watched(io.FileIO):
    """A file that is appended to, and tells how far it has come."""

    def __init__(self, path: Path, total: int, progress: Progress) -> None:
        super().__init__(path, "ab")
        self._total, self._progress = total, progress
        progress(self.tell(), total)

    def write(self, data: ReadableBuffer, /) -> int:
        left = memoryview(data)
        if self.tell() + left.nbytes > self._total:
            raise OSError("more comes than the hub said")
        while left:
            left = left[super().write(left) or 0 :]
        self._progress(self.tell(), self._total)
        return memoryview(data).nbytes


@contextmanager
def _errors(hub_id: str) -> Iterator[None]:
    """What can go wrong with the hub, said in our words."""
    import httpx2
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        raise SourceError(
            "its terms have to be accepted first",
            where=hub_id,
            remedy="Accept them on the model's page, set HF_TOKEN to a token of that account, and run again.",
        ) from error
    except errors.RevisionNotFoundError as error:
        raise InputError("the hub has no such revision of it", where=hub_id) from error
    except errors.RepositoryNotFoundError as error:
        raise InputError(
            "the hub has no such model, or hides it",
            where=hub_id,
            remedy="`talerstol models` lists those we know.",
        ) from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        kind = HubSilent if status >= 500 else SourceError
        remedy = "Set HF_TOKEN to a token that is valid, or unset it." if status in (401, 403) else ELSEWHERE
        raise kind(f"the hub answered {status}", where=hub_id, remedy=remedy) from error
    except errors.OfflineModeIsEnabled as error:
        raise SourceError(
            "the hub is not asked, for HF_HUB_OFFLINE is set", where=hub_id, remedy="Unset it. " + ELSEWHERE
        ) from error
    except httpx2.HTTPError as error:
        said = (str(error).splitlines() or [""])[0][:120] or type(error).__name__
        raise HubSilent(f"the hub cannot be reached ({said})", where=hub_id, remedy=ELSEWHERE) from error
    except OSError as error:
        if error.errno is None:  # so huggingface_hub says it too where a file came shorter than it is
            raise HubSilent(
                "a file came cut off or too long", where=hub_id, remedy="Run the same command again."
            ) from error
        raise
    except (ValueError, KeyError, TypeError) as error:
        raise SourceError("the hub's answer makes no sense", where=hub_id, remedy=ELSEWHERE) from error
