"""Wrong PINs make the next try wait; clocks that jump do not lock anyone out for days."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.clock import plus
from field_app.domain.errors import DiskFull, TooManyAttempts, WrongPin
from field_app.store import metadata
from field_app.store.attempts import AttemptLog, Attempts, wait_after
from tests.store.makers import PASSPHRASE, PIN, WRONG_PIN, SettableClock, StoreOnDisk


def fail(store: StoreOnDisk, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPin):
            store.vault.unlock(pin=WRONG_PIN)


def test_a_few_slips_cost_nothing(store: StoreOnDisk) -> None:
    fail(store, 4)
    store.vault.unlock(pin=PIN)


def test_the_fifth_wrong_pin_says_how_long_to_wait(store: StoreOnDisk) -> None:
    fail(store, 4)
    with pytest.raises(WrongPin) as wrong:
        store.vault.unlock(pin=WRONG_PIN)
    assert wrong.value.values == {"wait_s": 30}


def test_during_the_wait_even_the_right_pin_is_not_tried(store: StoreOnDisk) -> None:
    fail(store, 5)
    with pytest.raises(TooManyAttempts) as refused:
        store.vault.unlock(pin=PIN)
    assert refused.value.values == {"until": plus(store.clock.now(), seconds=30)}
    store.clock.move(seconds=29)
    with pytest.raises(TooManyAttempts):
        store.vault.unlock(pin=PIN)
    store.clock.move(seconds=1)
    store.vault.unlock(pin=PIN)


def test_asking_during_the_wait_does_not_make_it_longer(store: StoreOnDisk) -> None:
    fail(store, 5)
    for _ in range(20):
        with pytest.raises(TooManyAttempts):
            store.vault.unlock(pin=PIN)
    store.clock.move(seconds=30)
    store.vault.unlock(pin=PIN)


def test_the_wait_grows_to_an_hour_and_nothing_is_ever_deleted(store: StoreOnDisk) -> None:
    waits = []
    for _ in range(12):
        with pytest.raises(WrongPin) as wrong:
            store.vault.unlock(pin=WRONG_PIN)
        waits.append(wrong.value.values["wait_s"])
        store.clock.move(hours=1)
    assert waits == [0, 0, 0, 0, 30, 60, 300, 900, 3600, 3600, 3600, 3600]
    store.vault.unlock(pin=PIN)


def test_after_a_success_the_count_starts_over(store: StoreOnDisk) -> None:
    fail(store, 4)
    store.vault.unlock(pin=PIN)
    fail(store, 4)
    store.vault.unlock(pin=PIN)


def test_the_passphrase_opens_at_once_and_clears_the_count(store: StoreOnDisk) -> None:
    fail(store, 5)
    store.vault.unlock(passphrase=PASSPHRASE)
    fail(store, 4)


def test_a_process_that_ends_does_not_take_its_tries_back(store: StoreOnDisk) -> None:
    fail(store, 5)
    store.close()
    again = StoreOnDisk(store.root, clock=store.clock)
    with pytest.raises(TooManyAttempts):
        again.vault.unlock(pin=PIN)


def test_a_try_is_counted_before_it_is_made(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("field_app.store.locksmith.open_slot", killed)
        for _ in range(5):
            with pytest.raises(KeyboardInterrupt):
                store.vault.unlock(pin=WRONG_PIN)
    with pytest.raises(TooManyAttempts):
        store.vault.unlock(pin=PIN)


def test_a_clock_set_back_makes_nobody_wait_longer_than_the_wait(store: StoreOnDisk) -> None:
    fail(store, 5)
    store.clock.move(days=-400)
    with pytest.raises(TooManyAttempts) as refused:
        store.vault.unlock(pin=PIN)
    assert refused.value.values == {"until": plus(store.clock.now(), seconds=30)}
    store.clock.move(seconds=30)
    store.vault.unlock(pin=PIN)


@given(moves=st.lists(st.integers(-(10**7), 10**7), max_size=6), failures=st.integers(5, 12))
def test_however_the_clock_jumps_the_wait_ends(moves: list[int], failures: int) -> None:
    log = _LogInMemory(failures)
    for seconds in moves:
        log.clock.move(seconds=seconds)
        log.try_once()
    log.clock.move(seconds=wait_after(log.failures))
    assert log.try_once()


@pytest.mark.parametrize("typed", ["", "12", "salasana", "48291", "4" * 17])
def test_what_cannot_be_a_pin_is_wrong_without_being_counted(
    store: StoreOnDisk, typed: str
) -> None:
    for _ in range(10):
        with pytest.raises(WrongPin):
            store.vault.unlock(pin=typed)
    store.vault.unlock(pin=PIN)


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b'{"failures":"x","last":1}', b"\xff"])
def test_a_count_that_cannot_be_read_counts_as_the_last_free_try(
    store: StoreOnDisk, raw: bytes
) -> None:
    with store.database.write() as connection:
        metadata.put(connection, "attempts", raw)
    with pytest.raises(WrongPin) as wrong:
        store.vault.unlock(pin=WRONG_PIN)
    assert wrong.value.values == {"wait_s": 30}


def test_on_a_full_disk_tries_are_counted_in_memory(
    store: StoreOnDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise DiskFull("no room")

    with monkeypatch.context() as patched:
        patched.setattr(metadata, "put", full)
        fail(store, 5)
        with pytest.raises(TooManyAttempts):
            store.vault.unlock(pin=PIN)
        store.clock.move(seconds=30)
        store.vault.unlock(pin=PIN)


class _LogInMemory(AttemptLog):
    """The log without a database, so that thousands of histories are quick."""

    def __init__(self, failures: int) -> None:
        self.clock = SettableClock()
        self._clock = self.clock
        self._kept = Attempts(failures, self.clock.now())

    @property
    def failures(self) -> int:
        return self._kept.failures

    def try_once(self) -> bool:
        try:
            self.begin()
        except TooManyAttempts:
            return False
        return True

    def _read(self) -> Attempts:
        return self._kept

    def _write(self, attempts: Attempts) -> None:
        self._kept = attempts
