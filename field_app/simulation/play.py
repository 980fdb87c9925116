"""Playing histories: one after the other, until one breaks an invariant."""

from __future__ import annotations

from field_app.simulation.drain import drain
from field_app.simulation.steps import History
from field_app.simulation.trace import Trace
from field_app.simulation.verdict import Verdict
from field_app.simulation.violation import Violation
from field_app.simulation.world import Played, World, crash


def play(history: History, trace: Trace | None = None) -> Played:
    """Play a history to its end and judge it.

    Raises:
        Violation: an invariant does not hold.
    """
    world = World(history, trace)
    try:
        world.play()
        checkpoint = world.checkpoint
        drain(world)
        world.played.devices = len(world.devices)
        Verdict(world, checkpoint).judge()
    except Violation:
        raise
    except Exception as error:
        raise crash(error) from error
    finally:
        world.central.disk.on_commit(None)
    return world.played
