"""The wire: what is encoded is decoded, and nothing cut or changed on the way goes unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from field_app.domain.errors import FieldAppError, Malformed, UpgradeRequired
from field_app.sync.admission import TOKEN_PURPOSE, TokenRequest
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.changes import DIRECTORY_SCOPE, ChangeSet, ScopedWrite, Write, person_scope
from field_app.sync.delivery import AccessChange, Compacted, Entry, OwnSet, Streamed
from field_app.sync.protocol import (
    CHAIN_PURPOSE,
    PROTOCOL,
    PULL_ENTRIES_MAX,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
    ReceiptRun,
    Report,
    Start,
    You,
)
from tests.sync.makers import ANNA, AT, PERSON, TEAM, Author, a_write, signature_fits

BUCKET = f"team/{TEAM}/common"
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)


def three_saves(author: Author) -> list[ChangeSet]:
    directory = ScopedWrite(
        DIRECTORY_SCOPE, "common", Write("6" * 32, "directory_entry", {"name": "Päiväkeskus"})
    )
    health = ScopedWrite(
        person_scope(PERSON), "health", Write("e" * 32, "health_note", {"note": "line\u2028"})
    )
    first = author.save(a_write("040"), opens={PERSON: TEAM})
    return [
        first,
        author.save(a_write("050", f"{first.header.id}:0"), health),
        author.save(directory),
    ]


# -- push --------------------------------------------------------------------------------------


def test_a_batch_is_decoded_to_the_very_same_bytes() -> None:
    author = Author()
    batch = author.batch(*three_saves(author))
    read = PushBatch.decode(batch.encode())
    assert read == batch
    assert [one.header.raw for one in read.sets] == [one.header.raw for one in batch.sets]
    assert [part.raw for one in read.sets for part in one.parts] == [
        part.raw for one in batch.sets for part in one.parts
    ]
    assert signature_fits(read, author.key)


@settings(max_examples=60, deadline=None)
@given(st.lists(values, min_size=1, max_size=5))
def test_whatever_people_write_arrives(texts: list[Any]) -> None:
    author = Author()
    batch = author.batch(*(author.save(a_write(text)) for text in texts))
    read = PushBatch.decode(batch.encode())
    assert read == batch
    assert [one.parts[0].writes[0].set["phone"] for one in read.sets] == texts


def test_a_later_stretch_of_the_chain_goes_on_from_the_head_before_it() -> None:
    author = Author()
    first, *later = three_saves(author)
    batch = author.batch(*later)
    assert batch.prev == first.header.hash
    assert PushBatch.decode(batch.encode()).sets[0].header.prev == first.header.hash


def test_what_is_signed_is_the_purpose_and_the_last_headers_hash() -> None:
    author = Author()
    batch = author.batch(*three_saves(author))
    signed = CHAIN_PURPOSE + bytes.fromhex(batch.sets[-1].header.hash)
    author.key.public_key().verify(batch.signature, signed)
    assert CHAIN_PURPOSE != TOKEN_PURPOSE
    assert TokenRequest.signed_bytes("abc") == TOKEN_PURPOSE + b"abc"


def noticed(body: bytes, author: Author) -> bool:
    """Whether a server notices that these are not the author's bytes."""
    try:
        batch = PushBatch.decode(body)
    except FieldAppError:
        return True
    return not signature_fits(batch, author.key)


def test_a_batch_cut_short_at_any_byte_is_refused_or_its_signature_does_not_fit() -> None:
    author = Author()
    body = author.batch(*three_saves(author)).encode()
    assert not noticed(body, author)
    for length in range(len(body)):
        assert noticed(body[:length], author), f"cut after {length} of {len(body)} bytes"


def test_no_changed_byte_of_a_header_or_part_goes_unnoticed() -> None:
    author = Author()
    body = author.batch(*three_saves(author)).encode()
    head_ends = body.index(b"\n")
    for position in range(head_ends + 1, len(body)):
        changed = bytearray(body)
        changed[position] ^= 0x01
        assert noticed(bytes(changed), author), (
            f"byte {position}: {body[position : position + 9]!r}"
        )


def test_sets_taken_out_swapped_or_repeated_do_not_fit_the_signature() -> None:
    author = Author()
    first, second, third = three_saves(author)
    whole = author.batch(first, second, third)
    for sets in [(first, third), (second, first, third), (first, second, second, third), (third,)]:
        moved = PushBatch(whole.device, whole.prev, whole.signature, whole.report, sets)
        assert noticed(moved.encode(), author)


def test_another_devices_signature_does_not_fit() -> None:
    author = Author("a")
    batch = author.batch(*three_saves(author))
    assert not signature_fits(PushBatch.decode(batch.encode()), Author("b").key)


def test_a_part_that_cannot_be_read_does_not_block_the_sets_around_it() -> None:
    author = Author()
    first, second, third = three_saves(author)
    raw = second.parts[0].raw.replace(b'"type":"person"', b'"typo":"person"')
    lines = author.batch(first, second, third).encode().split(b"\n")
    lines[lines.index(second.parts[0].raw)] = raw
    read = PushBatch.decode(b"\n".join(lines))
    assert [one.fault for one in read.sets] == ["", "part_unreadable", ""]
    assert read.sets[1].parts[0].raw == raw
    assert read.sets[1].header.id == second.header.id


def head_of(body: bytes) -> dict[str, Any]:
    head = parse(body.split(b"\n")[0])
    assert isinstance(head, dict)
    return head


HEAD_FAULTS: list[dict[str, Any]] = [
    {"protocol": None},
    {"protocol": True},
    {"protocol": "1"},
    {"device": "x"},
    {"device": 5},
    {"device": None},
    {"prev": "00"},
    {"prev": None},
    {"signature": "not base64!"},
    {"signature": None},
    {"report": None},
    {"report": {"unsynced": -1}},
]


@pytest.mark.parametrize("fault", HEAD_FAULTS, ids=str)
def test_a_batch_with_another_head_is_refused(fault: dict[str, Any]) -> None:
    author = Author()
    head, rest = author.batch(*three_saves(author)).encode().split(b"\n", 1)
    with pytest.raises(Malformed):
        PushBatch.decode(canonical_bytes(parse(head) | fault) + b"\n" + rest)


@pytest.mark.parametrize("member", ["protocol", "device", "prev", "signature", "report"])
def test_a_batch_without_a_member_of_its_head_is_refused(member: str) -> None:
    author = Author()
    head, rest = author.batch(*three_saves(author)).encode().split(b"\n", 1)
    wire = parse(head)
    del wire[member]
    with pytest.raises(Malformed):
        PushBatch.decode(canonical_bytes(wire) + b"\n" + rest)


@pytest.mark.parametrize(
    "line", [b"{}", b"[]", b"[1]", b"[0,{}]", b"[true,{}]", b'["1",{}]', b"[1,[]]", b"[99,{}]", b""]
)
def test_a_header_line_of_another_shape_is_refused(line: bytes) -> None:
    author = Author()
    head, _, *rest = author.batch(*three_saves(author)).encode().split(b"\n")
    with pytest.raises(Malformed):
        PushBatch.decode(b"\n".join([head, line, *rest]))


@pytest.mark.parametrize("count", ["0", "01", "+1", "-1", "1.0", "1e0", "", "²", "9" * 5_000])
def test_a_number_of_parts_that_json_would_not_write_is_refused(count: str) -> None:
    author = Author()
    lines = author.batch(*three_saves(author)).encode().split(b"\n")
    whole = lines[1]
    for told, fits in ((b"1", True), (count.encode(), False)):
        lines[1] = b"[" + told + whole[whole.index(b",") :]
        if fits:
            assert PushBatch.decode(b"\n".join(lines)).sets
        else:
            with pytest.raises(Malformed):
                PushBatch.decode(b"\n".join(lines))


def test_a_batch_without_a_set_is_refused() -> None:
    author = Author()
    head = author.batch(*three_saves(author)).encode().split(b"\n")[0]
    with pytest.raises(Malformed):
        PushBatch.decode(head)


def test_another_protocol_version_asks_for_an_upgrade() -> None:
    author = Author()
    head, rest = author.batch(*three_saves(author)).encode().split(b"\n", 1)
    with pytest.raises(UpgradeRequired) as asked:
        PushBatch.decode(canonical_bytes(parse(head) | {"protocol": 2}) + b"\n" + rest)
    assert asked.value.values == {"theirs": 2, "ours": PROTOCOL}


# -- pull --------------------------------------------------------------------------------------


def a_page() -> PullPage:
    saved = Author().save(a_write("040"), a_write("äö 050", "f" * 32 + ":3"))
    entries: list[Entry] = [
        Compacted(
            5, BUCKET, PERSON, "person", f"person/{PERSON}", [["w:0", ANNA, AT, {"k": 1}, {}]]
        ),
        Streamed(6, BUCKET, saved.header.id, ANNA, AT, {"1": {"phone": 4}}, saved.parts[0].raw),
        OwnSet(7, "e" * 32, (BUCKET,)),
        AccessChange(8, "enter", f"person/{PERSON}", TEAM),
        Streamed(9, BUCKET, saved.header.id, ANNA, AT, {}, saved.parts[0].raw),
    ]
    head = PageHead(
        protocol=PROTOCOL,
        epoch="e1",
        mark=9,
        done=False,
        entries=len(entries),
        remaining=12,
        cursors={BUCKET: (3, 9)},
        start=Start(mark=9, after="opaque"),
        lost=("org/staff",),
        you=You(worker=ANNA, role="nurse", teams=(TEAM,), grants={TEAM: 3}),
        receipts=(ReceiptRun(first_counter=1, count=2, status="held", reason="unknown_write"),),
        buckets=(BUCKET,),
    )
    return PullPage(head, entries)


def test_a_page_is_decoded_to_what_was_encoded() -> None:
    page = a_page()
    assert PullPage.decode(page.encode()) == page


def read_whole(body: bytes) -> PullPage:
    """Read a page as far as a store does before it writes anything."""
    page = PullPage.decode(body)
    for entry in page.entries:
        if isinstance(entry, Streamed):
            list(entry.stamped())
    return page


def test_a_page_cut_short_at_any_byte_is_refused_whole() -> None:
    body = a_page().encode()
    read_whole(body)
    for length in range(len(body)):
        with pytest.raises(Malformed):
            read_whole(body[:length])


def test_a_page_with_more_or_fewer_entries_than_its_head_says_is_refused() -> None:
    body = a_page().encode()
    lines = body.split(b"\n")
    for wrong in (lines[:-2], [*lines, lines[-3]], [*lines, b""]):
        with pytest.raises(Malformed):
            PullPage.decode(b"\n".join(wrong))


def test_a_page_of_another_protocol_version_asks_for_an_upgrade() -> None:
    head, rest = a_page().encode().split(b"\n", 1)
    with pytest.raises(UpgradeRequired):
        PullPage.decode(canonical_bytes(parse(head) | {"protocol": 7}) + b"\n" + rest)


@pytest.mark.parametrize("line", [b"", b"[]", b"{}", b'"page"', b'{"protocol":1}'])
def test_a_page_with_another_head_is_refused(line: bytes) -> None:
    with pytest.raises(Malformed):
        PullPage.decode(line)


def test_members_of_a_newer_version_are_passed_over() -> None:
    head, rest = a_page().encode().split(b"\n", 1)
    wire = parse(head)
    wire["weather"] = "rain"
    wire["you"]["mood"] = "good"
    assert PullPage.decode(canonical_bytes(wire) + b"\n" + rest) == a_page()


# -- small messages ----------------------------------------------------------------------------


def test_small_messages_come_back_as_they_were() -> None:
    request = PullRequest(
        epoch="e1",
        cursors={BUCKET: (3, 9)},
        mark=12,
        start=Start(mark=12, after="x"),
        staff_version=2,
        with_own=True,
        receipts_after=4,
        receipts_of=(1, 3),
        report=Report(unsynced=2, oldest_at=AT, app="1.2"),
    )
    wire = canonical_bytes(request.model_dump(mode="json", exclude_none=True))
    assert PullRequest.model_validate(parse(wire)) == request
    answer = PushAnswer(
        protocol=1,
        epoch="e1",
        receipts=(ReceiptRun(first_counter=1, count=500, status="accepted", first_seq=7),),
    )
    assert PushAnswer.model_validate(parse(canonical_bytes(answer.model_dump()))) == answer


@pytest.mark.parametrize("limit", [0, -1, PULL_ENTRIES_MAX + 1])
def test_a_pull_asks_for_a_page_of_some_size(limit: int) -> None:
    with pytest.raises(ValueError, match="limit"):
        PullRequest(epoch="e1", cursors={}, limit=limit, report=Report(unsynced=0))
