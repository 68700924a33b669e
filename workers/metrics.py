"""What Prometheus scrapes: the web processes' own figures of this machine, and what the store says at that moment."""

from __future__ import annotations

from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.registry import FailedJobRegistry, StartedJobRegistry

from hall import metrics
from hall.bootstrap import Sanban
from hall.store.office import OfficeStore
from hall.store.paper import PaperStore
from workers import queues


class StoreCollector(Collector):
    """Asked at every scrape. A store that is away is a figure, not an error."""

    def __init__(self, sanban: Sanban, jobs: Redis) -> None:
        self._sanban = sanban
        self._jobs = jobs

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("sanban_store_up", "1: the store answers and can be written")
        try:
            found = [*self._halls(), self._backup()]
            self._sanban.store.check_writable()
            up.add_metric([], 1)
        except RedisError:
            found = []
            up.add_metric([], 0)
        yield up
        yield from found
        yield from self._queues()

    def _halls(self) -> list[Metric]:
        waiting = GaugeMetricFamily("sanban_waiting", "Tickets that wait", labels=("hall", "line"))
        lag = GaugeMetricFamily("sanban_archiver_lag_seconds", "Age of the oldest entry not archived", labels=("hall",))
        untold = GaugeMetricFamily(
            "sanban_webhook_lag_seconds",
            "Age of the oldest entry a webhook is not done with",
            labels=("hall", "webhook"),
        )
        stopped = GaugeMetricFamily("sanban_webhook_stopped", "1: it tries no more", labels=("hall", "webhook"))
        printers = GaugeMetricFamily("sanban_printer_ok", "0: it needs a hand", labels=("hall", "printer", "state"))
        alarms = GaugeMetricFamily("sanban_alarms", "Alarms that are on", labels=("hall", "kind"))
        store = self._sanban.store
        now = store.clock()
        for hall_id in store.hall_ids():
            self._sanban.halls.forget(hall_id)  # nobody tells this process of a change
            hall = self._sanban.halls.get(hall_id)
            for line, count in store.waiting(hall_id, [line.id for line in hall.lines]).items():
                waiting.add_metric([hall_id, line], count)
            oldest = store.journal.oldest_unarchived(hall_id)
            lag.add_metric([hall_id], 0 if oldest is None else max(0, now - oldest) / 1000)
            for webhook in hall.webhooks:
                if webhook.on:
                    self._webhook(hall_id, webhook.id, now, untold, stopped)
            for name, printer in PaperStore(store).printers(hall_id).items():
                printers.add_metric([hall_id, name, printer["state"]], int(printer["state"] == "ok"))
            kinds = [note["alarm"] for note in OfficeStore(store).notes(hall_id).values() if "alarm" in note]
            for kind in sorted(set(kinds)):
                alarms.add_metric([hall_id, kind], kinds.count(kind))
        return [waiting, lag, untold, stopped, printers, alarms]

    def _webhook(
        self, hall_id: str, name: str, now: int, untold: GaugeMetricFamily, stopped: GaugeMetricFamily
    ) -> None:
        kept = self._sanban.webhooks.kept
        oldest, progress = kept.oldest_unsent(hall_id, name), kept.progress(hall_id, name)
        untold.add_metric([hall_id, name], 0 if oldest is None else max(0, now - oldest) / 1000)
        stopped.add_metric([hall_id, name], int(progress is not None and progress.stopped is not None))

    def _backup(self) -> Metric:
        backup = GaugeMetricFamily("sanban_backup_age_seconds", "Age of the last backup that the timer made")
        at = self._sanban.backups.last().get("at")
        if at is not None:
            backup.add_metric([], (self._sanban.store.clock() - at) / 1000)
        return backup

    def _queues(self) -> list[Metric]:
        jobs = GaugeMetricFamily("sanban_jobs", "Jobs by state", labels=("queue", "state"))
        try:
            for name in (queues.NAME, queues.PAPER, queues.NOTICES, queues.PLANNING):
                queue: Queue = queues.queue(self._jobs, name)
                jobs.add_metric([name, "waiting"], queue.count)
                jobs.add_metric([name, "running"], StartedJobRegistry(queue=queue).count)
                jobs.add_metric([name, "failed"], FailedJobRegistry(queue=queue).count)
        except RedisError:
            return []
        return [jobs]


def registry(sanban: Sanban, jobs: Redis) -> CollectorRegistry:
    """Everything that one machine tells."""
    made = CollectorRegistry()
    made.register(StoreCollector(sanban, jobs))
    here = metrics.directory(sanban.settings.data_dir)
    here.mkdir(parents=True, exist_ok=True, mode=0o700)
    MultiProcessCollector(made, path=str(here))  # type: ignore[no-untyped-call]  # untyped in prometheus-client
    return made


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class calls it so
        """Scrapes are not worth a line each."""


def serve(sanban: Sanban, jobs: Redis, bind: str) -> None:
    """Answer scrapes until the process ends."""
    host, _, port = bind.rpartition(":")
    app = make_wsgi_app(registry(sanban, jobs))
    with make_server(host.strip("[]"), int(port), app, handler_class=_Quiet) as server:
        server.serve_forever()
