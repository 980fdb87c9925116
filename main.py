"""The phones' entry: `flet build` looks for it in the root of the app."""

from field_app.settings import AppSettings, load
from field_app.views.main import run_app

run_app(load(AppSettings))
