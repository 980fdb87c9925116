"""Logs tell what happened and where, never what people wrote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from field_app.logs import log_to_stderr

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Put the process's logging back after each test."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(capsys: Captured) -> list[dict[str, Any]]:
    """What was written to stderr, line by line."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def fail() -> None:
    """Fail as a library would: with the value in the message."""
    raise ValueError("Matti Esimerkki")


def test_a_line_is_one_json_object_with_time_level_and_name(capsys: Captured) -> None:
    log_to_stderr("info")
    structlog.get_logger("field_app.sync").info("round_done", sent=3)
    (line,) = logged(capsys)
    assert line["event"] == "round_done"
    assert (line["level"], line["logger"], line["sent"]) == ("info", "field_app.sync", 3)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written(capsys: Captured) -> None:
    log_to_stderr("warning")
    structlog.get_logger("field_app").info("quiet")
    logging.getLogger("uvicorn").info("quiet")
    assert logged(capsys) == []


def test_a_librarys_log_has_the_same_form(capsys: Captured) -> None:
    log_to_stderr("info")
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    (line,) = logged(capsys)
    assert line["event"] == "Started server process [7]"
    assert line["logger"] == "uvicorn.error"


@pytest.mark.parametrize("library", ["sqlalchemy.engine", "httpx", "apscheduler.scheduler"])
def test_talkative_libraries_stay_quiet_even_when_debugging(library: str, capsys: Captured) -> None:
    log_to_stderr("debug")
    logging.getLogger(library).info("INSERT … ('Matti Esimerkki',)")
    assert logged(capsys) == []


@pytest.mark.parametrize("by", ["structlog", "logging"])
def test_an_exception_is_logged_by_class_and_place_without_its_words(
    by: str, capsys: Captured
) -> None:
    log_to_stderr("info")
    try:
        fail()
    except ValueError:
        if by == "structlog":
            structlog.get_logger("field_app").exception("save_failed")
        else:
            logging.getLogger("field_app").exception("save_failed")
    (line,) = logged(capsys)
    assert line["error"] == "ValueError"
    assert line["at"][-1].endswith(" fail")
    assert "Matti" not in json.dumps(line)
