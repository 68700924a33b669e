"""What Prometheus is told about halls, jobs, the archive and printers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from redis import Redis
from rq import Queue

from hall import metrics
from hall.bootstrap import Sanban, build
from hall.domain.callers import Caller
from hall.services.tickets import Wish
from hall.store.embedded import EmbeddedServer
from hall.store.journal import Journal
from hall.store.paper import PaperStore
from workers import queues
from workers.metrics import StoreCollector

ALERTS = Path(__file__).resolve().parents[2] / "deploy" / "prometheus" / "alerts.yml"


def told(sanban: Sanban) -> dict[str, float]:
    registry = CollectorRegistry()
    registry.register(StoreCollector(sanban, queues.connection(sanban.settings)))
    lines = generate_latest(registry).decode().splitlines()
    rows = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {series: float(value) for series, _, value in rows}


def test_queues_jobs_archiver_printers_are_figures(sanban: Sanban, new_hall: Callable[..., str], jobs: Queue) -> None:
    hall = new_hall()
    for claim in (None, "veteran", None):
        sanban.tickets.issue(Caller(by="kiosk"), hall, Wish(services=("a1",), claim=claim))
    PaperStore(sanban.store).set_printer(hall, "p1", "paper_out")
    queues.put(jobs, "close_day", "one", hall, "2026-11-24")
    found = told(sanban)
    assert found[f'sanban_waiting{{hall="{hall}",line="a"}}'] == 3
    assert found[f'sanban_waiting{{hall="{hall}",line="b"}}'] == 0
    assert found[f'sanban_printer_ok{{hall="{hall}",printer="p1",state="paper_out"}}'] == 0
    assert found['sanban_jobs{queue="hall",state="waiting"}'] == 1
    assert found["sanban_store_up"] == 1
    lag = f'sanban_archiver_lag_seconds{{hall="{hall}"}}'
    assert found[lag] > 0
    Journal(sanban.store.reads).set_archived(hall, sanban.store.journal.bounds(hall)[1])
    assert told(sanban)[lag] == 0


def test_a_store_that_is_away_is_a_figure(sanban: Sanban, server: EmbeddedServer) -> None:
    server.stop()
    assert told(sanban) == {"sanban_store_up": 0.0}


def test_a_backup_has_an_age(sanban: Sanban, tmp_path: Path) -> None:
    assert "sanban_backup_age_seconds" not in told(sanban)
    build(replace(sanban.settings, backup_dir=tmp_path / "kept")).backups.make_scheduled()
    assert 0 <= told(sanban)["sanban_backup_age_seconds"] < 3600


@pytest.mark.parametrize("page", ["alerts", "operations"])
def test_every_figure_of_the_alarms_and_the_docs_exists(
    page: str, sanban: Sanban, new_hall: Callable[..., str]
) -> None:
    new_hall()
    registry = CollectorRegistry()
    registry.register(StoreCollector(sanban, Redis.from_url(str(sanban.settings.redis_url))))
    for one in (
        metrics.REQUESTS,
        metrics.MOVES,
        metrics.PUMP_LAG,
        metrics.PUMP_TURNED,
        metrics.SOCKETS,
        metrics.REFUSED,
    ):
        registry.register(one)
    known = {family.name for family in registry.collect()}
    path = ALERTS if page == "alerts" else ALERTS.parents[2] / "docs" / "operations.md"
    named = set(re.findall(r"\b(sanban_[a-z_]+?)(?:_bucket|_count|_total)?\b", path.read_text("utf-8")))
    assert len(named) > 5
    assert named <= known
