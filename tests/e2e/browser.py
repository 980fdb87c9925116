"""The driver of the app in Chromium; the demo's screenshots drive with it too."""

from __future__ import annotations

from field_app.demo.browser import (
    CHROMIUM_FLAGS,
    DESK,
    PHONE,
    TIMEOUT_MS,
    NetworkWatch,
    Screen,
    opened,
)

__all__ = ["CHROMIUM_FLAGS", "DESK", "PHONE", "TIMEOUT_MS", "NetworkWatch", "Screen", "opened"]
