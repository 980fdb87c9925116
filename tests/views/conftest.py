"""Coroutines as tests, without a plugin."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

Scenario = Callable[[], Coroutine[Any, Any, None]]


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, None]], None]:
    """Run one scenario to its end."""
    return asyncio.run


@pytest.fixture(autouse=True)
def _logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.WARNING)
    yield
    assert "Salainen Nimi" not in caplog.text, "an exception's text reached the log"
