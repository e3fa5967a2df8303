"""A small archive to search: four meetings of an invented council, and both engines over it.

The Meilisearch engine is a live server where `TALERSTOL_MEILI_URL` is set. Elsewhere it is what a real server
(1.50.0) answered to the same requests, kept in `recordings/`; an unknown request fails. To record anew:

    TALERSTOL_MEILI_URL=http://127.0.0.1:7700 TALERSTOL_MEILI_KEY=… RECORD=1 pytest tests/search
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from catalogue import Settings
from search import Passage, SearchEngine, open_engine
from search.contract import Opens

RECORDINGS = Path(__file__).parent / "recordings"
LIVE = os.environ.get("TALERSTOL_MEILI_URL")
KEY = os.environ.get("TALERSTOL_MEILI_KEY")
RECORD = bool(LIVE and os.environ.get("RECORD"))

SAID = (
    "Vi skal have bygget cykelstien langs Strandvejen, for cyklisterne er utrygge.",
    "En ny cykelsti koster 1.250.000 kroner, og pengene er der ikke.",
    "Børnene skal kunne cykle trygt til folkeskolen i Nørre Holme.",
    "Skolelukningen rammer de små landsbyer hårdt, og skolens bestyrelse er imod.",
    "Jeg er imod at lukke skolen, og lukningen sparer næsten ingenting.",
    "Budgettet for 2026 er stramt, og budgetforliget holder kun lige.",
    "Vindmøllerne på havnen larmer, og en vindmølle mere er for meget.",
    "Spildevandsplanen er vedtaget efter § 18 i loven om miljøbeskyttelse.",
    "Borgmesteren har talt med Aarhus Kommune og med Århus Havn om aftalen.",
    "Ældreplejen mangler hænder, og de ældre venter for længe på hjemmehjælp.",
    "Vi har besøgt Tønder og Ærø for at se på klimasikring af byerne.",
    "Byrådet godkendte lokalplanen for Åbyhøj Idrætscenter uden afstemning.",
    "Kommuneplantillægget sendes i høring hos borgerne i otte uger.",
    "Det er godt for miljøet, og det er godt for økonomien i kommunen.",
    "Affaldssorteringen fungerer bedre, når affaldet bliver hentet til tiden.",
    "Idrætsforeningerne vil gerne låne svømmehallen om aftenen.",
    "Dagtilbuddene får flere pædagoger, hvis byrådsmødet siger ja i aften.",
    "Æblehaven er en børnehave med 42 børn og alt for få voksne.",
    "Trafikken på Søndergade er farlig, siger politiet og forældrene.",
    "Tilskuddet til biblioteket bliver halveret næste år, desværre.",
)
SPEAKERS = ("Karen Holm (A)", "Jens Bro (V)", "Åse Lund (SF)", None)
MEETINGS = (
    ("tranevig-byraadet-2025-09-24", "Byrådsmøde", date(2025, 9, 24), "Byrådet", "Tranevig"),
    ("tranevig-byraadet-2025-10-29", "Byrådsmøde", date(2025, 10, 29), "Byrådet", "Tranevig"),
    ("tranevig-teknik-2024-11-05", "Udvalgsmøde", date(2024, 11, 5), "Teknik- og Miljøudvalget", "Tranevig"),
    ("lyngby-byraadet", "Møde uden dato", None, "Byrådet", 'Lyng"by \\ Kommune'),
)


TITLES = (
    "Godkendelse af dagsorden",
    "Nedlæggelse af Tranevig Skole",
    "Budgetforlig 2026",
    "Lokalplan 112 for Åbyhøj",
    "Høringssvar om svømmehaller",
)


def corpus() -> list[tuple[str, list[Passage]]]:
    """160 passages: every meeting says each sentence, alone and together with the one after the next."""
    made = []
    for m, (identity, title, day, body, municipality) in enumerate(MEETINGS):
        speakers, passages = cycle(SPEAKERS[m:] + SPEAKERS[:m]), []
        for n in range(2 * len(SAID)):
            first = SAID[n % len(SAID)]
            texts = [first] if n < len(SAID) else [first, SAID[(n + 2 + m) % len(SAID)]]
            passages.append(_passage(identity, n, texts, next(speakers), title, day, body, municipality))
        made.append((identity, passages))
    return made


def _passage(
    identity: str,
    n: int,
    texts: list[str],
    speaker: str | None,
    title: str,
    day: date | None,
    body: str,
    place: str,
) -> Passage:
    start, offset, sentences = n * 30.0, 0, []
    for k, text in enumerate(texts):
        sentences.append((offset, start + 10 * k, start + 10 * k + 9.0))
        offset += len(text) + 1
    party = speaker.rpartition("(")[2].rstrip(")") if speaker else None
    item = n // 8 + 1 if n % 5 else 0
    opens: Opens = "meeting" if not n else "item" if n in (1, 8, 16, 24, 32) else ""
    return Passage(
        id=f"{identity}--{n:05}", meeting=identity, title=title, date=day, body=body, municipality=place,
        section=f"{identity}/{item}", opens=opens, item=str(item) if item else None,
        item_title=TITLES[item - 1] if item else None,
        speaker=speaker, party=party, start=start, end=sentences[-1][2], text=" ".join(texts),
        sentences=tuple(sentences),
    )  # fmt: skip


def embedded(folder: Path) -> SearchEngine:
    return open_engine(Settings(home=folder, meili_url=None))  # type: ignore[call-arg]


def meilisearch(folder: Path, index: str) -> SearchEngine:
    """A fast-forgetting engine: what it remembers of the index must not hide what the test just wrote."""
    return open_engine(
        Settings(home=folder, meili_url=LIVE or "http://127.0.0.1:7700", meili_key=KEY, meili_index=index)  # type: ignore[arg-type, call-arg]
    )


@contextmanager
def on_the_wire(name: str) -> Iterator[None]:
    """The live server, recorded where asked; or what it answered then, request by request."""
    file = RECORDINGS / f"{name}.json"
    if LIVE and not RECORD:
        yield
        return
    if not LIVE and not file.exists():
        pytest.skip("no recording of Meilisearch's answers, and no server at TALERSTOL_MEILI_URL")
    answers: dict[str, list[list[Any]]] = {} if RECORD else json.loads(file.read_text(encoding="utf-8"))
    send = HTTPAdapter.send

    def record(adapter: HTTPAdapter, request: PreparedRequest, **how: Any) -> Response:
        response = send(adapter, request, **how)
        # A live key is in no recording: only method, path and body are kept, and the answer's text.
        answers.setdefault(_asked(request), []).append([response.status_code, response.json()])
        return response

    def replay(adapter: HTTPAdapter, request: PreparedRequest, **_: Any) -> Response:
        said = answers[_asked(request)]
        status, body = said.pop(0) if len(said) > 1 else said[0]
        response = Response()
        response.status_code, response.url, response.request = status, request.url or "", request
        response.raw = io.BytesIO(json.dumps(body).encode())
        return response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(HTTPAdapter, "send", record if RECORD else replay)
        yield
    if RECORD:
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(answers, ensure_ascii=False, indent=0), encoding="utf-8")


def _asked(request: PreparedRequest) -> str:
    """A request by its method, path and body; of documents only how they begin, and a digest."""
    body = request.body.decode() if isinstance(request.body, bytes) else str(request.body or "")
    short = body if len(body) < 400 else f"{body[:80]}… {hashlib.sha256(body.encode()).hexdigest()}"
    return f"{request.method} {request.path_url} {short}"


@pytest.fixture(scope="module", params=["embedded", "meilisearch"])
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """Each engine in turn, holding the whole corpus."""
    folder = tmp_path_factory.mktemp("index")
    if request.param == "embedded":
        made = embedded(folder)
        made.rebuild(corpus(), lambda _: None)
        yield made
        return
    with on_the_wire(request.module.__name__.rpartition(".")[2]):
        made = meilisearch(folder, "talerstol_test")
        made.rebuild(corpus(), lambda _: None)
        yield made


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> SearchEngine:
    """The embedded engine over the same corpus, to compare with."""
    made = embedded(tmp_path_factory.mktemp("oracle"))
    made.rebuild(corpus(), lambda _: None)
    return made
