"""`docs/sync-protocol.md` says what the code does: its examples, its codes, its limits."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from field_app.server import judging
from field_app.server.problems import _STATUS, status_of
from field_app.sync.canonical import canonical_bytes, parse, sha256_hex
from field_app.sync.changes import CHANGE_SET_BYTES_MAX, NUMBER_MAX, VALUE_NESTING_MAX
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.exchange import ROUNDS_MAX
from field_app.sync.pace import PaceSettings
from field_app.sync.problems import by_code
from field_app.sync.protocol import (
    PULL_ENTRIES_MAX,
    PUSH_BYTES_MAX,
    PUSH_SETS_MAX,
    PageHead,
    PullPage,
    PullRequest,
    PushAnswer,
    PushBatch,
)
from tests.sync import phone_number_story as story
from tests.sync.makers import signing_key

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sync-protocol.md").read_text()
EXAMPLES: dict[str, str] = {
    name: text
    for _, name, text in re.findall(r"^```(\w+) ([\w-]+)\n(.*?)\n```$", DOCUMENT, re.S | re.M)
}
TOLD = story.told()
NOT_IN_THE_DOCUMENT = {"a2-header-hash", "key-a"}


@pytest.mark.parametrize("name", sorted(TOLD.keys() - NOT_IN_THE_DOCUMENT))
def test_an_example_is_byte_by_byte_what_the_code_makes(name: str) -> None:
    assert EXAMPLES[name] == TOLD[name]


def test_no_example_stands_in_the_document_unproven() -> None:
    assert EXAMPLES.keys() == TOLD.keys() - NOT_IN_THE_DOCUMENT
    assert DOCUMENT.count("```") == 2 * len(EXAMPLES)


def test_the_examples_prove_themselves_without_the_story() -> None:
    """What a stranger would do who has only the document."""
    assert sha256_hex(EXAMPLES["a1-part"].encode()) == EXAMPLES["a1-part-hash"]
    header = parse(EXAMPLES["a1-header"].encode())
    assert header["parts"] == [EXAMPLES["a1-part-hash"]]
    assert sha256_hex(EXAMPLES["a1-header"].encode()) == EXAMPLES["a1-header-hash"]
    assert parse(EXAMPLES["a2-header"].encode())["prev"] == EXAMPLES["a1-header-hash"]

    signed = b"rinnalla chain v1\x00" + bytes.fromhex(sha256_hex(EXAMPLES["a2-header"].encode()))
    assert signed.hex() == EXAMPLES["a2-signed"]
    assert sha256_hex(b"A") == TOLD["key-a"]
    public = signing_key("A").public_key()
    public.verify(bytes.fromhex(EXAMPLES["a2-signature"]), signed)
    challenge = b"rinnalla token v1\x00" + b"kW1yq0n5lZcVYb0mJ7n8cA"
    assert challenge.hex() == EXAMPLES["challenge-signed"]
    public.verify(bytes.fromhex(EXAMPLES["challenge-signature"]), challenge)


def test_the_messages_of_the_document_are_read_by_the_code() -> None:
    batch = PushBatch.decode(EXAMPLES["a2-push"].encode())
    assert batch.sets == (story.A2,)
    assert PushBatch.decode(EXAMPLES["b1-push"].encode()).sets == (story.B1,)
    assert PullPage.decode(EXAMPLES["b-page"].encode()) == story.PAGE_B
    assert PullRequest.model_validate_json(EXAMPLES["b-pull"]) == story.REQUEST_B
    assert PushAnswer.model_validate_json(EXAMPLES["b1-answer"]).receipts[0].first_seq == 3


def test_device_b_comes_to_the_same_conflict_by_its_own_way() -> None:
    assert story.device_b_in_conflict().heads == story.STATES[3].heads
    assert story.STATES[3].conflicts() == ("phone",)
    assert story.STATES[4].conflicts() == ()


def rows_of(table_head: str) -> dict[str, tuple[str, ...]]:
    """The rows of a table of the document by each name in their first column."""
    table = DOCUMENT.split(table_head, 1)[1].split("\n\n", 1)[0]
    rows: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`([\w-]+)`", cells[0]):
            rows[name] = tuple(cells[1:])
    return rows


def test_every_reason_a_server_gives_is_explained() -> None:
    assert judging.__doc__ is not None
    given = set(re.findall(r"^\| (?:held|needs-human) +\| (\w+) ", judging.__doc__, re.M))
    given |= {"part_unreadable", "part_numbering", "part_twice"}
    given = {reason for reason in given if reason != "part_"}
    assert rows_of("| reason | why it waits |").keys() == given


def test_every_problem_a_server_sends_is_explained_and_known_to_the_device() -> None:
    told = rows_of("| code | status | the device |")
    sent = {kind.code: kind for kind, _ in _STATUS if status_of(kind()) < 500}
    sent.pop("sync")
    assert sent.keys() <= told.keys()
    known = by_code()
    for code, (status, _) in told.items():
        assert status_of(known[code]()) == int(status), code


def test_every_member_of_a_page_and_of_a_pull_is_named() -> None:
    for message in (PageHead, PullRequest):
        for name in message.model_fields:
            assert re.search(rf"\b{name}\b", DOCUMENT), name


def test_the_limits_are_those_of_the_code() -> None:
    for text in [
        f"at most {CHANGE_SET_BYTES_MAX // 1024} KiB",
        f"At most {PUSH_SETS_MAX} sets",
        f"{PUSH_BYTES_MAX // 1024**2} MiB",
        f"1 to {PULL_ENTRIES_MAX}",
        f"at most {VALUE_NESTING_MAX} lists",
    ]:
        assert text in DOCUMENT.replace("\n", " "), text
    assert NUMBER_MAX == 2**53 - 1
    assert "2^53 - 1" in DOCUMENT
    pace = PaceSettings()
    assert (pace.after_save, pace.interval, pace.back_off_first) == (0.5, 300, 5)
    assert pace.back_off_max == 15 * 60
    assert ROUNDS_MAX > 1


def test_an_enrolment_code_is_as_described() -> None:
    code = EnrolmentCode("127.0.0.1:8700", bytes(range(16)))
    address, letters = code.encode().split(" ")
    groups = letters.split("-")
    assert address == "127.0.0.1:8700"
    assert [len(group) for group in groups] == [4] * 7
    check = int(sha256_hex(address.encode() + b"\x00" + bytes(range(16)))[:3], 16)
    number = int.from_bytes(bytes(range(16)), "big") << 12 | check
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    spelled = "".join(alphabet[number >> 5 * place & 31] for place in reversed(range(28)))
    assert "".join(groups) == spelled


def test_the_documents_canonical_rules_are_the_codes() -> None:
    value = {"b": 'ä/"\\\b\t\n\f\r\x01\x7f\u2028', "a": 1}
    text = '{"a":1,"b":"ä/\\"\\\\\\b\\t\\n\\f\\r\\u0001\x7f\u2028"}'
    assert canonical_bytes(value) == text.encode()
