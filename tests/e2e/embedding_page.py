"""A page on a port of its own that shows two apps in frames, as the demo's page does.

`python -m tests.e2e.embedding_page` says its address; the frames' links come in the query.
"""

from __future__ import annotations

import html
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit


class Page(BaseHTTPRequestHandler):
    """Two frames."""

    def do_GET(self) -> None:
        """Answer with the frames of the query."""
        query = urlsplit(self.path).query
        one, _, two = query.removeprefix("one=").partition("&two=")
        frames = "".join(
            f'<iframe src="{html.escape(link)}" style="width:400px;height:760px"></iframe>'
            for link in (one, two)
            if link
        )
        body = f"<!doctype html><title>demo</title>{frames}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: links hold launch tokens."""


def main() -> None:
    """Serve until stopped."""
    server = HTTPServer(("127.0.0.1", 0), Page)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}/\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
