"""A disk in memory keeps what a real device's and server's database keeps."""

from __future__ import annotations

import sqlite3

import pytest

from field_app.simulation.disk import Disk
from field_app.simulation.office import empty_store


@pytest.mark.parametrize("quick", [True, False], ids=["short way", "whole engine"])
def test_a_disk_put_back_lets_no_row_name_another_that_is_not_there(quick: bool) -> None:
    disk = Disk(quick=quick)
    disk.put_back(empty_store())
    with pytest.raises(sqlite3.IntegrityError):
        disk.connection.execute("INSERT INTO answer (counter, state, reason) VALUES (1, '', '')")
