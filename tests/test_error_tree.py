"""The one tree of errors: its picture is true, its codes are stable and its own."""

from __future__ import annotations

import re

import pytest

from field_app.domain import errors
from field_app.domain.errors import FieldAppError


def tree(error: type[FieldAppError] = FieldAppError, depth: int = 0) -> list[tuple[int, str]]:
    """Every error of the module with its depth, in the order of the picture."""
    # Tests make errors of their own; those are not of the tree.
    ours = [child for child in error.__subclasses__() if child.__module__ == errors.__name__]
    below = [line for child in ours for line in tree(child, depth + 1)]
    return [(depth, error.__name__), *below]


def picture() -> list[tuple[int, str]]:
    """What the module's docstring draws."""
    drawn = re.findall(r"^([│├└─ ]*)([A-Z]\w+)(?:  |$)", errors.__doc__ or "", re.MULTILINE)
    return [(len(lead) // 4, name) for lead, name in drawn]


def classes() -> list[type[FieldAppError]]:
    """Every error of the module."""
    return [getattr(errors, name) for _, name in tree()]


def test_the_picture_on_top_of_the_module_shows_the_tree_as_it_is() -> None:
    assert sorted(picture()) == sorted(tree())


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [error.code for error in classes()]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("error", classes(), ids=lambda error: error.__name__)
def test_every_error_says_what_happened(error: type[FieldAppError]) -> None:
    assert error.__doc__
    assert re.fullmatch(r"[a-z][a-z_]*", error.code)


def test_an_error_without_a_detail_is_named_by_its_code() -> None:
    assert str(errors.PortBusy()) == "port_busy"


def test_the_values_of_a_text_are_not_in_the_errors_own_words() -> None:
    assert "8700" not in str(errors.PortBusy(port=8700))
