"""The job queue: JSON, ids as arguments, one job an id."""

from __future__ import annotations

import re

import structlog
from redis import Redis
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError
from rq.serializers import JSONSerializer

from hall.settings import Settings
from hall.store.connect import SOCKET_TIMEOUT

NAME = "hall"
#: printers are slow and may hang: they have a queue and a worker of their own
PAPER = "paper"
#: gateways too
NOTICES = "notices"
#: and so have questions of planning, which take a minute of a processor
PLANNING = "planning"
#: a job that failed is tried again after so long, because its timer is still there
RETRY_SECONDS = 30
_log = structlog.get_logger()


def connection(settings: Settings) -> Redis:
    """RQ needs a client of its own: it reads bytes. Without a time-out an answer that a half-open connection lost
    would be waited for for ever; RQ's workers, which wait for jobs, make theirs longer themselves."""
    url = settings.jobs_url or settings.redis_url
    if url is None:
        raise ValueError("no store is configured for jobs")
    return Redis.from_url(url, socket_timeout=SOCKET_TIMEOUT, socket_connect_timeout=SOCKET_TIMEOUT)


def queue(redis: Redis, name: str = NAME) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer)


def put(jobs: Queue, name: str, job_id: str, *arguments: str | int, seconds: int | None = None) -> bool:
    """Enqueue `workers.jobs.<name>`, which may take so many seconds, unless the same job is there already."""
    try:
        jobs.enqueue_call(
            f"workers.jobs.{name}",
            args=arguments,
            timeout=seconds,
            job_id=re.sub(r"[^A-Za-z0-9_-]", "-", job_id),
            unique=True,
            result_ttl=0,
            failure_ttl=RETRY_SECONDS,
        )
    except DuplicateJobError:
        return False
    _log.info("job", job=name, id=job_id)
    return True


def work(settings: Settings, name: str = NAME) -> None:
    """Run the jobs of one queue until asked to stop."""
    redis = connection(settings)
    worker = Worker(
        [queue(redis, name)],
        connection=redis,
        serializer=JSONSerializer,
        # A job whose worker was killed is seen as lost, and its timer fires again, within two minutes.
        job_monitoring_interval=5,
        maintenance_interval=30,
        # How long a job may wait for a worker whose connection died unseen: about as long.
        worker_ttl=30,
    )
    worker.work(logging_level="WARNING")
