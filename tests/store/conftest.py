"""Fixtures of the store's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.store.makers import PASSPHRASE, PIN, StoreOnDisk

# Two cores do other things at the same time: how long one example takes says nothing.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture
def empty_store(tmp_path: Path) -> Iterator[StoreOnDisk]:
    """A data directory in which nothing was created yet."""
    store = StoreOnDisk(tmp_path)
    yield store
    store.close()


@pytest.fixture
def store(empty_store: StoreOnDisk) -> StoreOnDisk:
    """A created, unlocked store."""
    empty_store.vault.create(PIN, PASSPHRASE)
    return empty_store
