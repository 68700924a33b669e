"""The archive's schema: an archive of the first version, with data, becomes one of today."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from hall.archive import audit, schema, steps
from hall.archive.archive import Archive, driver
from hall.archive.chain import Head
from hall.archive.schema import OtherSchema
from hall.archive.tables import metadata
from hall.bootstrap import Sanban
from tests.archive.conftest import CHAIN
from tests.archive.tools import facts, fill, journal, serve
from workers.archiver import Archiver

New = Callable[..., str]
#: as the first version made them, without a migration
_FIRST = (
    """CREATE TABLE entries (hall VARCHAR(64) NOT NULL, ms BIGINT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (hall, ms, seq))""",
    "CREATE TABLE cursors (hall VARCHAR(64) NOT NULL PRIMARY KEY, last VARCHAR(40) NOT NULL)",
)


def test_an_archive_of_the_first_version_is_upgraded_with_its_entries(
    sanban: Sanban, new_hall: New, empty_url: str
) -> None:
    hall = new_hall()
    fill(sanban, hall, 3)
    serve(sanban, hall)
    rows = journal(sanban, hall)
    engine = create_engine(driver(empty_url))
    with engine.begin() as sql:
        for statement in _FIRST:
            sql.execute(text(statement))
        for entry, body in rows:
            ms, seq = (int(part) for part in entry.split("-"))
            values = {"hall": hall, "ms": ms, "seq": seq, "body": body}
            sql.execute(text("INSERT INTO entries VALUES (:hall, :ms, :seq, :body)"), values)
        sql.execute(text("INSERT INTO cursors VALUES (:hall, :last)"), {"hall": hall, "last": rows[-1][0]})
    engine.dispose()

    archive = Archive(empty_url, CHAIN, migrate=True)
    assert archive.read(hall) == rows
    fill(sanban, hall, 1)
    Archiver(sanban, archive).copy(hall)
    found = facts(archive, hall)
    assert (len(found["tickets"]), len(found["visits"])) == (4, 1)
    assert isinstance(audit.verify(archive, CHAIN, hall, []), Head)
    archive.close()


def test_the_migrations_make_the_tables_that_the_code_knows(empty_url: str) -> None:
    archive = Archive(empty_url, migrate=True)
    with archive.engine.connect() as sql:
        assert schema.version(sql) == schema.NEWEST
        assert compare_metadata(MigrationContext.configure(sql), metadata) == []
    archive.close()


def test_processes_that_open_a_new_archive_at_once_wait_for_one_another(empty_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        archives = list(pool.map(lambda _: Archive(empty_url, migrate=True), range(6)))
    for one in archives:
        assert one.halls() == []
        one.close()


def test_who_only_opens_an_archive_changes_no_schema_and_says_what_to_do(empty_url: str) -> None:
    with pytest.raises(OtherSchema) as none:
        Archive(empty_url)
    assert none.value.facts == {"has": "none", "needs": schema.NEWEST, "do": "python -m hall migrate"}
    archive = Archive(empty_url, migrate=True)
    Archive(empty_url).close()
    schema.migrate_to(archive.engine, "0002")
    with pytest.raises(OtherSchema):
        Archive(empty_url)
    with archive.engine.begin() as sql:
        assert schema.version(sql) == "0002"
        sql.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for migrate in (False, True):
        with pytest.raises(OtherSchema) as newer:
            Archive(empty_url, migrate=migrate)
        assert newer.value.facts["do"] == "restart with the newer code that made it"
    archive.close()


def test_the_versions_are_those_of_the_steps() -> None:
    assert steps.versions() == list(schema.VERSIONS)


def test_a_process_that_only_reads_an_archive_loads_no_alembic(tmp_path: Path) -> None:
    """A few megabytes in every one of them."""
    Archive(f"sqlite:///{tmp_path}/archive.sqlite", migrate=True).close()
    opens = f"from hall.archive.archive import Archive; Archive('sqlite:///{tmp_path}/archive.sqlite').close()"
    told = f"{opens}; import sys; print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", told], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout.strip() == "False"
