"""Drafts on their way to the disk: the newest is always last, and none comes behind a save."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from field_app.domain.errors import DiskFull
from field_app.store.drafts import Draft
from field_app.views.record_form.drafts import DraftWriter
from field_app.views.record_form.resuming import draft_path
from tests.views.case import social_phone
from tests.views.phones import Phone

Run = Callable[[Coroutine[Any, Any, None]], None]
NOW = "2026-11-22T10:15:00.000Z"


def draft(text: str, draft_id: str = "d" * 32) -> Draft:
    return Draft(draft_id, "task", "person/p", NOW, NOW, {"text": text})


def text_on_disk(phone: Phone, draft_id: str = "d" * 32) -> str | None:
    phone.kill()
    found = phone.store.draft(draft_id)
    return found.content["text"] if found else None


WORDS = "Soita asumisneuvojalle"


def test_after_many_keystrokes_the_last_one_is_on_disk(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer = DraftWriter(phone)
        typed = [writer.put(draft(WORDS[:end])) for end in range(1, len(WORDS) + 1)]
        await asyncio.gather(*typed)
        assert text_on_disk(phone) == WORDS

    run(scenario())


def test_when_the_disk_is_slower_than_the_fingers_one_write_catches_up_with_them_all(
    tmp_path: Path, run: Run
) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer, disk_is_free = DraftWriter(phone), threading.Event()
        slow = asyncio.ensure_future(phone.cases(lambda _: disk_is_free.wait(5)))
        typed = [
            asyncio.ensure_future(writer.put(draft(WORDS[:end]))) for end in range(1, len(WORDS))
        ]
        await asyncio.sleep(0.05)
        assert not any(each.done() for each in typed)
        disk_is_free.set()
        await asyncio.gather(slow, typed[0])
        assert text_on_disk(phone) == WORDS[:-1], "the first write took the newest letters along"

    run(scenario())


@pytest.mark.parametrize("killed_after", range(0, 12, 3))
def test_a_kill_at_any_moment_leaves_no_less_than_what_was_told_as_kept(
    tmp_path: Path, run: Run, killed_after: int
) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer, kept = DraftWriter(phone), [0]
        typing: list[asyncio.Task[None]] = []

        async def key(end: int) -> None:
            await writer.put(draft(WORDS[:end]))
            kept.append(end)

        for end in range(1, len(WORDS) + 1):
            typing.append(asyncio.ensure_future(key(end)))
            # Some letters come while a write is under way, some after it.
            await asyncio.sleep(0.004 if end % 3 == 0 else 0)
            if len(kept) > killed_after:
                break
        found = text_on_disk(phone) or ""
        assert WORDS.startswith(found)
        assert len(found) >= max(kept)
        await asyncio.gather(*typing, return_exceptions=True)

    run(scenario())


def test_a_screen_that_goes_away_stops_no_write(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer = DraftWriter(phone)
        tasks = [asyncio.ensure_future(writer.put(draft(text))) for text in ("a", "ab", "abc")]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await phone.cases(lambda _: None)
        assert text_on_disk(phone) == "abc"

    run(scenario())


def test_no_write_comes_behind_a_save(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer = DraftWriter(phone)
        tasks = [asyncio.ensure_future(writer.put(draft(str(n)))) for n in range(20)]
        await asyncio.sleep(0)
        writer.forget("d" * 32)
        await phone.cases(lambda store: store.discard_draft("d" * 32))
        await asyncio.gather(*tasks)
        assert text_on_disk(phone) is None

    run(scenario())


def test_a_full_disk_is_told_and_the_next_keystroke_tries_again(tmp_path: Path, run: Run) -> None:
    async def scenario() -> None:
        phone = social_phone(tmp_path)
        writer = DraftWriter(phone)
        phone.fails.append(DiskFull())
        with pytest.raises(DiskFull):
            await writer.put(draft("a"))
        await writer.put(draft("ab"))
        assert text_on_disk(phone) == "ab"

    run(scenario())


@pytest.mark.parametrize(
    ("form", "known", "path"),
    [
        ("task", False, "/people/p/task/new"),
        ("task", True, "/people/p/task/r"),
        ("assessment", True, "/people/p/assessment/r"),
        ("navigation_step", False, "/people/p/step/new"),
        ("person", True, "/people/p/edit"),
        ("housing", True, "/people/p/housing"),
        ("encounter", True, "/people/p/encounter/r"),
    ],
)
def test_a_draft_says_where_it_is_taken_up_again(form: str, known: bool, path: str) -> None:
    content = {"record": "r", "shown": {}, "fields": {}}
    bases: dict[str, Any] = {"r": {}} if known else {}
    assert draft_path(Draft("d", form, "person/p", NOW, NOW, content, bases)) == path


def test_drafts_of_other_screens_are_theirs() -> None:
    assert draft_path(Draft("d", "contact", "person/p", NOW, NOW)) is None
    assert draft_path(Draft("d", "encounter", "person/p", NOW, NOW, {"kind": "street"})) is None
