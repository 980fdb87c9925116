"""The real randomness: each byte is given once."""

from __future__ import annotations

import os
import threading

import pytest

from field_app.system_clock import POOL_BYTES, SystemEntropy


@pytest.mark.parametrize("count", [0, 1, 12, 16, 32, 256, 257, POOL_BYTES, POOL_BYTES + 1])
def test_as_many_bytes_come_as_are_asked_for(count: int) -> None:
    assert len(SystemEntropy().bytes(count)) == count


def test_no_nonce_comes_twice_also_from_threads_side_by_side() -> None:
    drawn: list[bytes] = []

    def draw() -> None:
        entropy = SystemEntropy()
        drawn.extend([entropy.bytes(12) for _ in range(2_000)])

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(drawn)) == len(drawn) == 8_000


def test_a_child_process_gets_none_of_its_parents_bytes() -> None:
    entropy = SystemEntropy()
    entropy.bytes(1)  # the pool is filled
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, entropy.bytes(64))
        os._exit(0)
    os.waitpid(child, 0)
    of_child = os.read(reading, 64)
    of_parent = entropy.bytes(64)
    os.close(reading)
    os.close(writing)
    assert len(of_child) == 64
    assert of_child != of_parent
