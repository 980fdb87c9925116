"""The enrolment code as text: what is typed wrong is found on the phone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field_app.domain.errors import CodeMistyped
from field_app.sync.enrolment_code import EnrolmentCode, is_loopback

SECRETS = st.binary(min_size=16, max_size=16)
CODE = EnrolmentCode("10.0.0.7:8700", bytes(range(16)))


@given(SECRETS, st.sampled_from(["127.0.0.1:8700", "rinnalla.example:443", "[::1]:9"]))
def test_a_code_is_read_as_it_was_written(secret: bytes, address: str) -> None:
    code = EnrolmentCode(address, secret)
    assert EnrolmentCode.decode(code.encode()) == code


@given(SECRETS)
def test_case_spaces_hyphens_and_likely_slips_do_not_matter(secret: bytes) -> None:
    text = EnrolmentCode("10.0.0.7:8700", secret).encode()
    address, _, groups = text.partition(" ")
    for typed in (
        f"  {text.lower()}  ",
        f"{address} {groups.replace('-', ' ')}",
        f"{address} {groups.replace('-', '')}",
        f"{address} {groups.replace('0', 'O').replace('1', 'l')}",
        f"rinnalla:{text}",
    ):
        assert EnrolmentCode.decode(typed).secret == secret


def test_the_pin_travels_with_the_code_and_a_damaged_one_is_never_passed_over() -> None:
    code = EnrolmentCode("10.0.0.7:8700", bytes(16), "q83v_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKL")
    for damaged in (code.encode()[:-1], code.encode() + "A", code.encode()[:-1] + "+"):
        with pytest.raises(CodeMistyped):
            EnrolmentCode.decode(damaged)
    assert EnrolmentCode("127.0.0.1:1", bytes(16), code.pin).url == "https://127.0.0.1:1"
    assert EnrolmentCode.decode(code.encode()) == code
    assert EnrolmentCode.decode(CODE.encode()).pin == ""


def test_every_single_wrong_letter_is_found() -> None:
    text = CODE.encode()
    start = text.index(" ") + 1
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    missed = 0
    for place in range(start, len(text)):
        for letter in letters if text[place] != "-" else "":
            if letter == text[place]:
                continue
            try:
                EnrolmentCode.decode(text[:place] + letter + text[place + 1 :])
                missed += 1
            except CodeMistyped:
                pass
    assert missed <= 2  # of 868, with a check of twelve bits


def test_a_wrong_digit_of_the_address_is_found() -> None:
    with pytest.raises(CodeMistyped):
        EnrolmentCode.decode(CODE.encode().replace("10.0.0.7", "10.0.0.1"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.0.0.7:8700",
        "10.0.0.7 " + CODE.encode().partition(" ")[2],
        ":8700 " + CODE.encode().partition(" ")[2],
        "10.0.0.7:99999 " + CODE.encode().partition(" ")[2],
        "10.0.0.7:٣ " + CODE.encode().partition(" ")[2],
        CODE.encode()[:-1],
        CODE.encode().replace("-", "ä"),
    ],
)
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    with pytest.raises(CodeMistyped):
        EnrolmentCode.decode(text)


@given(st.text(alphabet=string.printable, max_size=80))
def test_anything_typed_is_a_code_or_a_slip(text: str) -> None:
    try:
        EnrolmentCode.decode(text)
    except CodeMistyped:
        pass


def test_the_secret_is_not_shown() -> None:
    assert "00010203" not in repr(CODE)
    assert CODE.secret.hex() not in repr(CODE)


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("127.0.0.1:8700", "http://127.0.0.1:8700"),
        ("localhost:1", "http://localhost:1"),
        ("[::1]:8700", "http://[::1]:8700"),
        ("10.0.0.7:8700", "https://10.0.0.7:8700"),
        ("rinnalla.example:443", "https://rinnalla.example:443"),
    ],
)
def test_plain_http_is_for_this_machine_alone(address: str, url: str) -> None:
    assert EnrolmentCode(address, bytes(16)).url == url
    assert is_loopback(address) == url.startswith("http://")
