"""Errors of libraries and of the system become errors of ours."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from field_app.domain.errors import (
    AccessDenied,
    DatabaseUnreachable,
    DiskFull,
    FieldAppError,
    FolderNotUsable,
    PortBusy,
)
from field_app.foreign_errors import as_ours


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.EADDRINUSE, PortBusy),
        (errno.ENOSPC, DiskFull),
        (errno.EACCES, FolderNotUsable),
        (errno.EROFS, FolderNotUsable),
        (errno.ENOENT, FolderNotUsable),
        (errno.EEXIST, FolderNotUsable),
        (errno.EIO, FieldAppError),
    ],
)
def test_an_error_of_the_system_is_told_by_its_number(
    number: int, expected: type[FieldAppError]
) -> None:
    assert type(as_ours(OSError(number, "words of the system"))) is expected


def test_an_error_of_ours_stays_itself() -> None:
    error = AccessDenied()
    assert as_ours(error) is error


def test_an_error_of_ours_is_found_under_a_foreign_one() -> None:
    error = RuntimeError("wrapped by a library")
    error.__cause__ = AccessDenied()
    assert as_ours(error) is error.__cause__


def test_a_full_disk_is_found_inside_a_database_error() -> None:
    inner = sqlite3.OperationalError("database or disk is full")
    assert type(as_ours(OperationalError("INSERT", {}, inner))) is DiskFull


def test_a_database_that_does_not_answer_is_told_as_such(tmp_path: Path) -> None:
    nowhere = create_engine(f"postgresql+psycopg://postgres:@/none?host={tmp_path}")
    with pytest.raises(OperationalError) as caught:
        nowhere.connect()
    assert type(as_ours(caught.value)) is DatabaseUnreachable


def test_a_database_in_a_folder_that_is_not_there_is_told_as_such(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/none/server.db")
    with pytest.raises(OperationalError) as caught, engine.connect() as connection:
        connection.execute(text("SELECT 1"))
    assert type(as_ours(caught.value)) is DatabaseUnreachable


def test_what_nobody_foresaw_keeps_its_words_to_itself() -> None:
    ours = as_ours(ValueError("Matti Esimerkki"))
    assert type(ours) is FieldAppError
    assert "Matti" not in str(ours)


def test_causes_that_point_at_each_other_end() -> None:
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    assert type(as_ours(first)) is FieldAppError
