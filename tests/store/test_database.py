"""The store's file: opened safely, one transaction at a time, its failures told plainly."""

from __future__ import annotations

import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from field_app.domain.errors import (
    DiskFull,
    StoreDamaged,
    StoreError,
    StoreFromNewerVersion,
    StoreInUse,
)
from field_app.store import database as module
from field_app.store.database import DATABASE_NAME, Database, translated
from field_app.store.schema_steps import APPLICATION_ID, STEPS
from field_app.store.tables import SEALED_TABLES, StoreTable


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "data")


def put(connection: Connection, name: str, value: bytes) -> None:
    connection.exec_driver_sql("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def names(database: Database) -> list[str]:
    with database.read() as connection:
        return list(connection.exec_driver_sql("SELECT name FROM meta ORDER BY 1").scalars())


def test_every_connection_is_durable_and_leaves_nothing_behind(database: Database) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "temp_store": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "user_version": len(STEPS),
        "application_id": APPLICATION_ID,
    }
    for opened in (database.read, database.write, database.read_afresh):
        with opened() as connection:
            found = {
                name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted
            }
        assert found == wanted


def test_the_file_and_its_log_are_for_their_user_alone(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", b"")
    modes = {file.name: file.stat().st_mode & 0o777 for file in database.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert f"{DATABASE_NAME}-wal" in modes
    assert database.path.parent.stat().st_mode & 0o777 == 0o700


def test_what_a_block_wrote_stays_and_is_there_after_opening_again(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", b"1")
    database.close()
    assert names(Database.open(database.path.parent)) == ["a"]


def test_a_block_that_fails_leaves_nothing(database: Database) -> None:
    def fails() -> None:
        with database.write() as connection:
            put(connection, "a", b"1")
            raise KeyError("on the way")

    with pytest.raises(KeyError):
        fails()
    assert names(database) == []


def test_writers_wait_for_each_other(database: Database) -> None:
    def count_up() -> None:
        for _ in range(20):
            with database.write() as connection:
                query = "SELECT value FROM meta WHERE name = 'n'"
                before = connection.exec_driver_sql(query).scalar_one_or_none() or b"0"
                put(connection, "n", str(int(before) + 1).encode())

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT value FROM meta").scalar_one() == b"80"


def test_a_reader_sees_one_moment_while_a_writer_goes_on(database: Database) -> None:
    with database.read() as reading:
        assert reading.exec_driver_sql("SELECT count(*) FROM meta").scalar_one() == 0
        with database.write() as connection:
            put(connection, "a", b"1")
        assert reading.exec_driver_sql("SELECT count(*) FROM meta").scalar_one() == 0
    assert names(database) == ["a"]


def test_hooks_write_in_the_same_transaction(database: Database) -> None:
    def hook(connection: Connection) -> None:
        put(connection, "from the hook", b"")

    database.before_commit(hook)
    with database.write() as connection:
        put(connection, "a", b"")
    assert names(database) == ["a", "from the hook"]
    database.forget_hook(hook)
    database.forget_hook(hook)


def test_a_full_disk_keeps_what_was_there_and_says_so(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", b"1")
    with database.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit = f"PRAGMA max_page_count = {pages + 1}"
        connection.exec_driver_sql(limit)

    def overfill() -> None:
        with database.write() as connection:
            connection.exec_driver_sql(limit)
            put(connection, "b", bytes(100_000))

    with pytest.raises(DiskFull):
        overfill()
    with database.write() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        put(connection, "c", bytes(100_000))
    assert names(database) == ["a", "c"]


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_written(
    database: Database,
) -> None:
    def twice() -> None:
        with database.write() as connection:
            for _ in range(2):
                connection.exec_driver_sql(
                    "INSERT INTO draft VALUES (?, ?)", ("Punapipo", b"Nukkunut ulkona")
                )

    with pytest.raises(StoreError) as failed:
        twice()
    assert failed.value.__cause__ is None
    assert failed.value.__suppress_context__
    assert "Punapipo" not in repr(failed.value) + str(failed.value)


def _as_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        connection.commit()


def test_a_newer_apps_store_is_refused_and_untouched(database: Database) -> None:
    with database.write() as connection:
        put(connection, "a", b"1")
    database.close()
    _as_newer(database.path)
    before = {file.name: file.read_bytes() for file in database.path.parent.iterdir()}
    with pytest.raises(StoreFromNewerVersion) as refused:
        Database.open(database.path.parent)
    assert refused.value.values == {"found": len(STEPS) + 1, "known": len(STEPS)}
    assert {file.name: file.read_bytes() for file in database.path.parent.iterdir()} == before


def test_a_newer_apps_store_that_ended_badly_is_refused_and_keeps_its_log(
    database: Database, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(database.path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
        connection.execute("INSERT INTO meta VALUES ('only in the log', x'00')")
        shutil.copytree(database.path.parent, tmp_path / "killed")
    killed = tmp_path / "killed"
    kept = [DATABASE_NAME, f"{DATABASE_NAME}-wal"]
    before = [(killed / name).read_bytes() for name in kept]
    assert before[1]
    with pytest.raises(StoreFromNewerVersion):
        Database.open(killed)
    assert [(killed / name).read_bytes() for name in kept] == before


@pytest.mark.parametrize("content", [b"not a database at all" * 300, b"x"])
def test_a_file_that_is_no_database_is_refused_and_untouched(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    with pytest.raises(StoreDamaged):
        Database.open(tmp_path)
    assert (tmp_path / DATABASE_NAME).read_bytes() == content


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        connection.execute("PRAGMA user_version = 1")
        connection.execute("CREATE TABLE theirs (a)")
        connection.commit()
    with pytest.raises(StoreDamaged):
        Database.open(tmp_path)


def test_another_programs_database_without_a_version_is_refused_and_untouched(
    tmp_path: Path,
) -> None:
    path = tmp_path / DATABASE_NAME
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmark (url)")
    before = path.read_bytes()
    with pytest.raises(StoreDamaged):
        Database.open(tmp_path)
    assert path.read_bytes() == before


def test_a_file_killed_before_its_first_step_is_taken_up(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()
    assert names(Database.open(tmp_path)) == []


def cut_off_in_its_first_write(path: Path, pages: int) -> None:
    """Leave the journal that SQLite rolls back from: of a file that had so many pages."""
    head = bytes.fromhex("d9d505f920a163d7") + struct.pack(">5I", 0, 1, pages, 512, 4096)
    path.with_name(path.name + "-journal").write_bytes(head.ljust(512, b"\0"))


def test_a_file_killed_while_it_became_a_store_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    with closing(sqlite3.connect(path)) as beginning:
        beginning.execute("PRAGMA journal_mode = WAL")
    cut_off_in_its_first_write(path, pages=0)
    database = Database.open(tmp_path)
    with database.write() as connection:
        put(connection, "a", b"1")
    assert names(database) == ["a"]


def test_another_programs_database_that_was_cut_off_is_refused_and_untouched(
    tmp_path: Path,
) -> None:
    path = tmp_path / DATABASE_NAME
    with closing(sqlite3.connect(path)) as foreign:
        foreign.execute("CREATE TABLE theirs (a)")
    cut_off_in_its_first_write(path, pages=2)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(StoreDamaged):
        Database.open(tmp_path)
    assert before == {file.name: file.read_bytes() for file in tmp_path.iterdir()}


def test_a_kill_in_the_middle_of_a_step_repeats_the_whole_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = ((*STEPS[0][:3], "KILLED HERE"),)
    with monkeypatch.context() as patched:
        patched.setattr(module, "STEPS", broken)
        with pytest.raises(StoreError):
            Database.open(tmp_path)
    assert names(Database.open(tmp_path)) == []


def test_a_later_step_is_taken_from_the_version_before(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write() as connection:
        put(connection, "a", b"1")
    database.close()
    later = (*STEPS, ("CREATE TABLE later (a)",), ("INSERT INTO later VALUES (1)",))
    monkeypatch.setattr(module, "STEPS", later)
    opened = Database.open(database.path.parent)
    with opened.read() as connection:
        assert connection.exec_driver_sql("SELECT a FROM later").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA user_version").scalar_one() == len(STEPS) + 2
    assert names(opened) == ["a"]


def test_the_steps_make_exactly_the_tables_that_the_queries_know(
    database: Database, tmp_path: Path
) -> None:
    declared = module._engine(tmp_path / "declared.db")
    StoreTable.metadata.create_all(declared)

    def shape(begin: Callable[[], Connection]) -> dict[str, object]:
        with begin() as connection:
            tables = connection.exec_driver_sql(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
            ).scalars()
            return {
                name: [
                    sorted(
                        tuple(row)[1:]
                        for row in connection.exec_driver_sql(f"PRAGMA {fact}({name})")
                    )
                    for fact in ("table_info", "index_list", "foreign_key_list")
                ]
                for name in tables
            }

    assert shape(database.engine.connect) == shape(declared.connect)


def test_every_table_with_a_sealed_column_is_named_for_rotation() -> None:
    """`slot` wraps the data key itself and is changed by hand."""
    sealed = {
        name
        for name, table in StoreTable.metadata.tables.items()
        if "blob" in table.columns and name != "slot"
    }
    assert sealed == set(SEALED_TABLES)


def test_the_log_can_be_emptied_and_says_when_a_reader_was_in_the_way(
    database: Database,
) -> None:
    with database.write() as connection:
        put(connection, "a", b"1")
    log = database.path.with_name(f"{DATABASE_NAME}-wal")
    assert log.stat().st_size > 0
    assert database.empty_log()
    assert log.stat().st_size == 0


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged),
        (sqlite3.SQLITE_NOTADB, StoreDamaged),
        (sqlite3.SQLITE_BUSY, StoreInUse),
        (sqlite3.SQLITE_LOCKED, StoreInUse),
        (sqlite3.SQLITE_IOERR, StoreError),
    ],
)
def test_failures_of_sqlite_have_names_of_ours(code: int, expected: type[StoreError]) -> None:
    failure = sqlite3.OperationalError("words of the library")
    failure.sqlite_errorcode = code
    assert type(translated(failure)) is expected


def test_a_full_disk_is_known_by_its_words_too() -> None:
    assert type(translated(sqlite3.OperationalError("database or disk is full"))) is DiskFull
