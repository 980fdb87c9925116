"""Start the app: in a browser from one's own process, or as the program of a phone."""

from __future__ import annotations

import os
import sys
import webbrowser
from importlib import import_module

import flet as ft

from field_app.collector import collect_seldom
from field_app.settings import AppSettings
from field_app.views.app import AppParts
from field_app.views.opening import ASSETS, page_opener

PLATFORM_VARIABLE = "FLET_PLATFORM"
"""Flet sets it inside a packaged app, e.g. "android"."""


def run_app(settings: AppSettings) -> None:
    """Run the app of one data directory until it is closed.

    Raises:
        FieldAppError: the store cannot be used, or another program holds the port.
    """
    parts: AppParts = import_module("field_app.views.wiring").parts_of(settings)
    collect_seldom()
    if os.environ.get(PLATFORM_VARIABLE):
        run_packaged(parts)
    else:
        run_in_browser(parts, settings)


def run_packaged(parts: AppParts) -> None:
    """Run as the program of a phone, or of a packaged desktop app."""
    ft.run(page_opener(parts), assets_dir=str(ASSETS))


def run_in_browser(parts: AppParts, settings: AppSettings) -> None:
    """Serve the app to this machine's browser, and open it there unless told otherwise.

    Raises:
        PortBusy: another program holds the port.
    """

    def ready(link: str) -> None:
        sys.stdout.write(link + "\n")
        sys.stdout.flush()
        if settings.open_browser:
            webbrowser.open(link)

    # Imported only here: a phone has no web server.
    serving = import_module("field_app.views.serve")
    serving.serve(parts, serving.browser_settings(settings), ready)
