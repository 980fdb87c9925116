"""The simulation plays hundreds of syncs: what the products log of them is left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from field_app.simulation.command import without_collector


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Nothing is logged, and garbage waits, as when the command plays."""
    with capture_logs(), without_collector():
        yield
