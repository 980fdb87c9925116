"""Parts are written a page at a time, and every one of them is read back as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from field_app.store.confirmed import ConfirmedPart, ConfirmedParts
from field_app.store.intake import Intake, take_in
from field_app.store.pending import PendingSaves
from field_app.sync.canonical import canonical_bytes
from field_app.sync.changes import Part
from field_app.sync.delivery import Compacted, Entry, Streamed
from tests.store.makers import PASSPHRASE, PIN, StoreOnDisk

AUTHOR, TEAM = "aa" * 16, "bb" * 16
HERE = "2026-11-22T10:15:00.000Z"
RECORDS = [f"{number:032x}" for number in range(6)]
SCOPES = [f"person/{'c1' * 16}", f"team/{TEAM}", "org/directory", "person/ä"]


class Parts:
    """The confirmed parts of one open store."""

    def __init__(self, root: Path) -> None:
        self.disk = StoreOnDisk(root)
        self.confirmed = ConfirmedParts(self.disk.vault.create(PIN, PASSPHRASE))

    def empty(self) -> None:
        with self.disk.database.write() as connection:
            connection.exec_driver_sql("DELETE FROM envelope")

    def here(self) -> dict[tuple[str, str], ConfirmedPart]:
        """All that is here, without the bytes as they arrived."""
        with self.disk.database.read() as connection:
            return {part.key: part for part in self.confirmed.all(connection)}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """An open store."""
    opened = Parts(tmp_path_factory.mktemp("confirmed"))
    yield opened
    opened.disk.close()


def part(record: str, scope: str, seq: int, value: object = "x") -> ConfirmedPart:
    writes = [[f"{'dd' * 16}:0", AUTHOR, HERE, {"note": value}, {}]]
    bucket = f"team/{TEAM}/social"
    return ConfirmedPart(record, "social", scope, "encounter", bucket, seq, writes)


told = st.builds(
    part,
    st.sampled_from(RECORDS),
    st.sampled_from(SCOPES),
    st.integers(1, 9),
    st.text(alphabet="aä€🦊", max_size=400),
)
per_test = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@per_test
@given(st.lists(told, max_size=6, unique_by=lambda one: one.key), told)
def test_a_part_of_any_length_is_read_back_as_it_was_told_last(
    parts: Parts, page: list[ConfirmedPart], later: ConfirmedPart
) -> None:
    parts.empty()
    by_key = {one.key: one for one in [*page, later]}
    with parts.disk.database.write() as connection:
        parts.confirmed.put(connection, page)
        parts.confirmed.put(connection, [later])
    assert {key: one.state for key, one in parts.here().items()} == {
        key: one.state for key, one in by_key.items()
    }
    assert {key: one.scope for key, one in parts.here().items()} == {
        key: one.scope for key, one in by_key.items()
    }


def test_where_a_part_is_here_already_only_the_new_ones_are_written(parts: Parts) -> None:
    parts.empty()
    stands = part(RECORDS[3], SCOPES[0], 1, "stands")
    page = [part(record, SCOPES[1], 2, "new") for record in RECORDS]
    with parts.disk.database.write() as connection:
        parts.confirmed.put(connection, [stands])
    with parts.disk.database.write() as connection:
        assert not parts.confirmed.put_new(connection, page)
    assert {key: one.seq for key, one in parts.here().items()} == {
        one.key: 1 if one.key == stands.key else 2 for one in page
    }


def test_a_page_of_new_parts_is_written_whole(parts: Parts) -> None:
    parts.empty()
    page = [part(record, SCOPES[1], 2) for record in RECORDS]
    with parts.disk.database.write() as connection:
        assert parts.confirmed.put_new(connection, page)
    assert parts.here().keys() == {one.key for one in page}


def scope_of(record: str) -> str:
    return SCOPES[int(record) % 2]


def streamed(record: str, seq: int, value: str, replaces: list[str]) -> Streamed:
    write = {"record": record, "type": "encounter", "set": {"note": value}}
    if replaces:
        write["replaces"] = {"note": replaces}
    raw = canonical_bytes(
        {
            "first": 0,
            "register": "social",
            "salt": "00" * 16,
            "scope": scope_of(record),
            "writes": [write],
        }
    )
    depths = {"0": {"note": 2}} if replaces else {}
    return Streamed(seq, f"team/{TEAM}/social", f"{seq:032x}", AUTHOR, HERE, depths, raw)


def compacted(record: str, seq: int, value: str, team: str) -> Compacted:
    writes = [[f"{seq:032x}:0", AUTHOR, HERE, {"note": value}, {}]]
    return Compacted(seq, f"team/{team}/social", record, "encounter", scope_of(record), writes)


@st.composite
def pages(draw: st.DrawFn) -> list[list[Entry]]:
    """Pages of a stream about few records: first writes, later ones, and states told again."""
    teams = st.sampled_from([TEAM, "ee" * 16])
    seq, heads, told = 0, dict[str, str](), []
    for _ in range(draw(st.integers(1, 4))):
        page: list[Entry] = []
        for _ in range(draw(st.integers(1, 4))):
            record = draw(st.sampled_from(RECORDS))
            seq += 1
            replaces = [heads[record]] if record in heads and draw(st.booleans()) else []
            if draw(st.booleans()):
                page.append(streamed(record, seq, str(seq), replaces))
                heads[record] = f"{seq:032x}:0"
            else:
                page.append(compacted(record, draw(st.integers(1, seq)), str(seq), draw(teams)))
        told.append(page)
    return told


def taken_in(parts: Parts, page: Sequence[Entry], *, is_looked_up: bool) -> Intake:
    """Take in a page; with nothing looked up first, or everything."""
    pending = PendingSaves([])
    with pytest.MonkeyPatch.context() as patch:
        if is_looked_up:
            patch.setattr(ConfirmedParts, "put_new", lambda *_: False)
        with parts.disk.database.write() as connection:
            return take_in(connection, parts.confirmed, pending, page)


@per_test
@given(pages())
def test_a_page_written_at_once_is_the_page_whose_parts_were_looked_up(
    parts: Parts, told: list[list[Entry]]
) -> None:
    parts.empty()
    at_once = [taken_in(parts, page, is_looked_up=False) for page in told]
    after = parts.here()
    parts.empty()
    for quick, page in zip(at_once, told, strict=True):
        careful = taken_in(parts, page, is_looked_up=True)
        assert careful.stated == quick.stated
        assert careful.scopes <= quick.scopes
    assert parts.here() == after


def test_what_is_no_first_write_is_looked_up_at_once(parts: Parts) -> None:
    """A deep write, and one whose bytes are not plain, may build on what is here."""
    parts.empty()
    deep = streamed(RECORDS[0], 5, "deep", ["11" * 16 + ":0"])
    assert Part.parse(deep.raw).written is None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ConfirmedParts, "put_new", lambda *_: pytest.fail("written unseen"))
        with parts.disk.database.write() as connection:
            take_in(connection, parts.confirmed, PendingSaves([]), [deep])
    assert parts.here()[RECORDS[0], "social"].seq == 5
