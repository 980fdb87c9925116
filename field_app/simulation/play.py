"""Playing one history to its end, and judging it."""

from __future__ import annotations

from field_app.simulation.drain import drain
from field_app.simulation.happenings import happen
from field_app.simulation.steps import History
from field_app.simulation.trace import Trace
from field_app.simulation.verdict import Verdict
from field_app.simulation.violation import Violation
from field_app.simulation.world import Played, World


def play(history: History, trace: Trace | None = None) -> Played:
    """Play a history and judge it.

    Raises:
        Violation: an invariant does not hold.
    """
    world = World(history, trace or Trace())
    try:
        happen(world)
        drain(world)
        world.played.devices = len(world.devices)
        Verdict(world).judge()
    except Violation:
        raise
    except Exception as error:
        raise crash(error) from error
    finally:
        world.central.disk.on_commit(None)
    return world.played


def crash(error: Exception) -> Violation:
    """An error nobody expected, as the violation it is."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}" if trace else "?"
    return Violation("crash", f"{type(error).__name__} in {where}: {error}")
