"""`/metrics`: how the server is doing, in Prometheus' text format, for a watcher. Nothing of who asked for what."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from catalogue import Catalogue
from web.lru import Counted
from web.watchers import may_watch

SECONDS = (0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
METHODS = ("GET", "HEAD", "POST", "OPTIONS")
NO_ROUTE = "(none)"  # an address that is none of ours is not a label: there is no end of them


class Metrics:
    """What is counted in one application."""

    def __init__(self, caches: Mapping[str, Counted]) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # when each count began: as many lines again, that nobody reads
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "talerstolen_requests",
            "Answers by route, method and status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "talerstolen_request_seconds",
            "Seconds until an answer was sent whole.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.under_way = Gauge(
            "talerstolen_requests_under_way", "Requests being answered now.", registry=self.registry
        )
        self.limited = Counter(
            "talerstolen_rate_limited",
            "Requests refused because a visitor asked for more than their share.",
            ("lane",),
            registry=self.registry,
        )
        self.registry.register(_Caches(caches))
        ProcessCollector(registry=self.registry)

    def watch_work(self, catalogue: Catalogue) -> None:
        """How the runs are doing, asked of the catalogue whenever somebody looks."""
        self.registry.register(_Work(catalogue))

    def refused(self, lane: str) -> None:
        self.limited.labels(lane).inc()

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """A number that is asked for whenever somebody looks, as `talerstolen_NAME`."""
        Gauge(f"talerstolen_{name}", meaning, registry=self.registry).set_function(read)


class _Caches:
    """What was remembered, and what had to be made."""

    def __init__(self, caches: Mapping[str, Counted]) -> None:
        self._caches = caches

    def collect(self) -> Iterator[Metric]:
        looked = CounterMetricFamily(
            "talerstolen_cache_lookups", "Looks into a memory of ours.", labels=("cache", "result")
        )
        for name, cache in self._caches.items():
            looked.add_metric((name, "hit"), cache.hits)
            looked.add_metric((name, "miss"), cache.misses)
        yield looked


class _Work:
    """What the steps came to, and how much has been heard."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def describe(self) -> Iterator[Metric]:
        """What there will be, without asking the catalogue while the application is put together."""
        yield _steps()

    def collect(self) -> Iterator[Metric]:
        steps = _steps()
        for (step, state), count in sorted(self._catalogue.work.counts().items()):
            steps.add_metric((step, state.value), count)
        yield steps
        runs = [one for one in self._catalogue.runners.living() if one.works]
        yield GaugeMetricFamily("talerstolen_runners", "Runs and syncs at work now.", value=len(runs))
        yield GaugeMetricFamily(
            "talerstolen_recorded_seconds_heard",
            "Seconds of recordings that a speech model has heard.",
            value=self._catalogue.work.seconds_heard(),
        )


def _steps() -> GaugeMetricFamily:
    said = "Meetings by step, and by how it ended last."
    return GaugeMetricFamily("talerstolen_steps", said, labels=("step", "state"))


class Measured:
    """ASGI middleware: counts each answer under the route that made it, and times it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500  # unless an answer says otherwise
        begun = time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._metrics.under_way.track_inprogress():
            try:
                await self.app(scope, receive, noted)
            finally:
                route = str(getattr(scope.get("route"), "path", NO_ROUTE))
                method = scope["method"] if scope["method"] in METHODS else "other"
                self._metrics.requests.labels(route, method, str(status)).inc()
                self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)


def metrics(request: Request) -> Response:
    """The numbers, to a program on this machine or to whoever knows the token; to others there is no such page."""
    if not may_watch(request):
        raise HTTPException(404)
    written = generate_latest(request.app.state.metrics.registry)
    return Response(written, headers={"content-type": CONTENT_TYPE_LATEST, "cache-control": "no-store"})
