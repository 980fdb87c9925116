"""The one tree of errors: its picture is true, its codes are stable and its own."""

from __future__ import annotations

import re

import pytest

from field_app.domain import errors
from field_app.domain.errors import FieldAppError
from lint.error_tree import branches, drawn


def tree(error: type[FieldAppError] = FieldAppError) -> list[type[FieldAppError]]:
    """Every error of the module."""
    return [error, *(each for child in branches(error) for each in tree(child))]


def test_the_picture_on_top_of_the_module_shows_the_tree_as_it_is() -> None:
    """`python -m lint.error_tree` draws it anew."""
    assert drawn() in (errors.__doc__ or "")


def test_a_branch_ends_with_a_corner_and_goes_on_with_a_tee() -> None:
    lines = drawn().splitlines()
    assert lines[0].startswith("FieldAppError  ")
    assert lines[1].startswith("├── InvalidInput ")
    last = branches(FieldAppError)[-1].__name__
    assert any(line.startswith(f"└── {last} ") for line in lines)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in tree()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("error", tree(), ids=lambda error: error.__name__)
def test_every_error_says_what_happened(error: type[FieldAppError]) -> None:
    assert error.__doc__
    assert re.fullmatch(r"[a-z][a-z_]*", error.code)


def test_an_error_without_a_detail_is_named_by_its_code() -> None:
    assert str(errors.PortBusy()) == "port_busy"


def test_the_values_of_a_text_are_not_in_the_errors_own_words() -> None:
    assert "8700" not in str(errors.PortBusy(port=8700))
