"""Files the browser is given in place of what Flet's client would fetch from elsewhere."""

from __future__ import annotations

from pathlib import Path

import fastapi
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, Response

FONTS = Path(__file__).parent / "assets" / "fonts"
STAY_LOCAL = Path(__file__).parent / "assets" / "stay_local.js"
STAY_LOCAL_PATH = "/stay_local.js"

FALLBACK_FONTS = {
    "notosans": "NotoSans-Regular.woff2",
    "notosanssymbols": "NotoSansSymbols-Regular.woff2",
    "notosansarabic": "NotoSansArabic-Regular.woff2",
}
"""The drawing engine's name for a family it falls back to, and our file of it."""

WEIGHTS = {400: "Regular", 500: "Medium", 700: "Bold"}


def font_manifest() -> list[dict[str, object]]:
    """The fonts loaded at the start: icons, and Roboto in the weights the theme uses."""
    roboto = [
        {"asset": f"fonts/Roboto-{name}.woff2", "weight": weight}
        for weight, name in WEIGHTS.items()
    ]
    icons = [{"asset": "fonts/MaterialIcons-Regular.otf"}]
    return [{"family": "MaterialIcons", "fonts": icons}, {"family": "Roboto", "fonts": roboto}]


def local_files() -> fastapi.APIRouter:
    """Routes to put before Flet's own files."""
    routes = fastapi.APIRouter()

    @routes.get("/assets/FontManifest.json")
    async def manifest() -> Response:
        return JSONResponse(font_manifest())

    @routes.get("/assets/fonts/Roboto-{weight}.woff2")
    async def roboto(weight: str) -> Response:
        if weight not in WEIGHTS.values():
            return PlainTextResponse("", status_code=404)
        return FileResponse(FONTS / f"Roboto-{weight}.woff2", media_type="font/woff2")

    @routes.get("/assets/fonts/{family}/{version}/{name}")
    async def fallback(family: str, version: str, name: str) -> Response:
        if family not in FALLBACK_FONTS:
            return PlainTextResponse("", status_code=404)
        return FileResponse(FONTS / FALLBACK_FONTS[family], media_type="font/woff2")

    @routes.get(STAY_LOCAL_PATH)
    async def stay_local() -> Response:
        return FileResponse(STAY_LOCAL, media_type="text/javascript")

    return routes


def with_local_script(html: bytes) -> bytes:
    """A page that loads `stay_local.js` before any other script."""
    return html.replace(b"<head>", f'<head><script src="{STAY_LOCAL_PATH}"></script>'.encode(), 1)
