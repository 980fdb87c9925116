"""The demo's page: two phones and a desk side by side, each the app of another process.

It holds no token but each app's launch link. The offline switches ask this page's own server,
which knows the apps' control tokens.
"""

from __future__ import annotations

import html
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from string import Template

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.requests import Request
from starlette.responses import Response

from field_app.locale import Translator
from field_app.locale.catalogues import LANGUAGES, best_language

HOST = "127.0.0.1"
LANGUAGE_NAMES = {"fi": "suomi", "sv": "svenska", "en": "English"}

Switch = Callable[[str, bool], Awaitable[None]]
"""Puts a device (by its name) offline, or back."""


@dataclass(frozen=True, slots=True)
class Framed:
    """One app on the page."""

    name: str
    worker: str
    role: str
    """A code of the vocabulary `role`."""
    is_phone: bool
    link: str = field(repr=False)
    """The app's launch link."""


def page_app(
    frames: tuple[Framed, ...], pin: str, port: int, switch: Switch, language: str | None
) -> FastAPI:
    """The page's server.

    Args:
        frames: The apps, from left to right.
        pin: What every device of the demo opens with.
        port: The page's own port; other names and origins are sent away.
        switch: Carries out a switch.
        language: The page's language, unless a link asks for another.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    own, offline = f"{HOST}:{port}", {frame.name: False for frame in frames}

    @app.get("/")
    async def page(request: Request) -> Response:
        if request.headers.get("host") != own:
            # The apps' cookies belong to 127.0.0.1; by another name they would stay shut.
            return RedirectResponse(f"http://{own}/")
        words = Translator(best_language(request.query_params.get("lang") or language))
        nonce = secrets.token_urlsafe(16)
        answer = HTMLResponse(page_html(frames, pin, words, offline, nonce))
        answer.headers["Content-Security-Policy"] = _policy(frames, nonce)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    @app.post("/offline/{name}")
    async def offline_switch(name: str, request: Request) -> Response:
        if request.headers.get("origin") != f"http://{own}" or name not in offline:
            return PlainTextResponse("", status_code=403)
        wanted = await request.json()
        if not isinstance(wanted, dict) or not isinstance(wanted.get("offline"), bool):
            return PlainTextResponse("", status_code=422)
        await switch(name, wanted["offline"])
        offline[name] = wanted["offline"]
        return JSONResponse({"offline": offline[name]})

    return app


def page_html(
    frames: tuple[Framed, ...],
    pin: str,
    words: Translator,
    offline: Mapping[str, bool],
    nonce: str,
) -> str:
    """The page itself, in the language of `words`."""
    links = " · ".join(
        f"<strong>{LANGUAGE_NAMES[one]}</strong>"
        if one == words.language
        else f'<a href="/?lang={one}" lang="{one}">{LANGUAGE_NAMES[one]}</a>'
        for one in LANGUAGES
    )
    said = {"offline": words.t("demo.switch_on"), "online": words.t("demo.switch_off")}
    return _PAGE.substitute(
        language=words.language,
        title=html.escape(words.t("demo.title")),
        lead=html.escape(words.t("demo.lead")),
        links=links,
        devices="".join(_device(one, pin, words, offline[one.name]) for one in frames),
        said=json.dumps(said).replace("<", "\\u003c"),
        nonce=nonce,
    )


def _device(frame: Framed, pin: str, words: Translator, offline: bool) -> str:
    role = words.vocabulary("role", frame.role)
    label = words.t("demo.switch_on") if offline else words.t("demo.switch_off")
    return _DEVICE.substitute(
        kind="phone" if frame.is_phone else "desk",
        name=html.escape(frame.name),
        worker=html.escape(frame.worker),
        role=html.escape(role),
        pin=html.escape(words.t("demo.pin", pin=pin)),
        pressed="true" if offline else "false",
        label=html.escape(label),
        link=html.escape(frame.link),
        frame_title=html.escape(f"{frame.worker}, {role}"),
        own_window=html.escape(words.t("demo.own_window")),
    )


def _policy(frames: tuple[Framed, ...], nonce: str) -> str:
    apps = " ".join(frame.link.partition("/?")[0] for frame in frames)
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
        f"connect-src 'self'; frame-src {apps}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


_DEVICE = Template("""
<section class="device $kind" aria-label="$frame_title">
  <header>
    <h2>$worker</h2>
    <p>$role · $pin</p>
    <p><button type="button" data-device="$name" aria-pressed="$pressed">$label</button>
       <a href="$link" target="_blank" rel="noopener">$own_window</a></p>
  </header>
  <div class="body"><iframe src="$link" title="$frame_title"></iframe></div>
</section>""")

_PAGE = Template("""<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style nonce="$nonce">
  :root { color-scheme: light dark; --ground: #e9eef0; --ink: #16262b; --line: #b9c6ca;
          --case: #22313a; --off: #a5470f; }
  @media (prefers-color-scheme: dark) {
    :root { --ground: #10181b; --ink: #e4edef; --line: #3a484d; --case: #0a0f11; --off: #f2a270; }
  }
  * { box-sizing: border-box; }
  body { margin: 0; background: var(--ground); color: var(--ink);
         font: 16px/1.4 system-ui, sans-serif; }
  body > header { padding: 16px 24px 0; max-width: 78ch; }
  h1 { font-size: 1.4rem; margin: 0 0 4px; }
  h2 { font-size: 1.05rem; margin: 0; }
  p { margin: 2px 0; }
  a { color: inherit; }
  main { display: flex; gap: 28px; align-items: flex-start; overflow-x: auto; padding: 16px 24px; }
  .device > header { min-height: 108px; }
  .phone { flex: 0 0 414px; }
  .desk { flex: 1 0 1040px; }
  .body { background: var(--case); border-radius: 10px; padding: 12px; }
  .phone .body { border-radius: 36px; }
  iframe { border: 0; display: block; width: 100%; height: 800px; background: var(--ground);
           border-radius: 4px; }
  .phone iframe { width: 390px; border-radius: 26px; }
  button { font: inherit; min-height: 44px; padding: 6px 16px; border-radius: 22px; cursor: pointer;
           color: inherit; background: transparent; border: 2px solid var(--line);
           margin-right: 12px; }
  button[aria-pressed="true"] { border-color: var(--off); color: var(--off); font-weight: 600; }
  button:focus-visible, a:focus-visible { outline: 3px solid var(--off); outline-offset: 2px; }
</style>
</head>
<body>
<header><h1>$title</h1><p>$lead</p><p>$links</p></header>
<main>$devices</main>
<script nonce="$nonce">
  const said = $said;
  for (const button of document.querySelectorAll("button[data-device]")) {
    button.addEventListener("click", async () => {
      const offline = button.getAttribute("aria-pressed") !== "true";
      button.disabled = true;
      try {
        const answer = await fetch("/offline/" + button.dataset.device, {
          method: "POST",
          headers: {"Content-Type": "application/json"},
          body: JSON.stringify({offline}),
        });
        if (answer.ok) {
          button.setAttribute("aria-pressed", String(offline));
          button.textContent = offline ? said.offline : said.online;
        }
      } finally {
        button.disabled = false;
        button.focus();
      }
    });
  }
</script>
</body>
</html>
""")
