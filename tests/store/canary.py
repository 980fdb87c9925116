"""Find a planted text in any byte of any file, however it was encoded on the way there.

A canary is looked for in plain, in any case, in UTF-8, UTF-16 (both orders) and Latin-1, as JSON
escapes it, URL-encoded, in hex, in base64 (at all three alignments, both alphabets), and inside
every deflate, zlib or gzip stream that can be found in the file, to a depth of three.

The search costs time in proportion to the size of what is searched. A stream is tried where it can
begin: at a gzip or zlib header, and for bare deflate at every offset, where a few dozen bytes tell
almost always that there is none.
"""

from __future__ import annotations

import base64
import contextlib
import json
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

DEPTH_MAX = 3
INFLATED_BYTES_MAX = 4 * 1024 * 1024
"""At most so much is taken out of one stream."""

INFLATED_TEXT_MIN = 5
"""A "stream" that gives less is noise: any two bytes inflate to something."""

_PROBE_BYTES = 64
_PIECE_BYTES = 16 * 1024
_SURELY_A_STREAM_BYTES = 1024
_START_BYTES = 5
_CHUNK_BYTES = 256 * 1024
_USUAL_BASE64 = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a canary was seen and how it was encoded."""

    file: str
    canary: str
    encoding: str
    offset: int


@dataclass(frozen=True, slots=True)
class _Form:
    canary: str
    encoding: str
    needle: bytes
    any_case: bool = True


def spellings(canary: str) -> list[str]:
    """The cases in which letters beyond ASCII may lie; ASCII letters are folded in the search."""
    cases = (canary, canary.lower(), canary.upper(), canary.title(), canary.capitalize())
    forms = (unicodedata.normalize(form, case) for case in cases for form in ("NFC", "NFD"))
    return list(dict.fromkeys(forms))


def forms_of(canary: str) -> Iterator[_Form]:
    """Every way a text may lie in a file; needles of any-case forms are in ASCII lower case."""
    for spelled in spellings(canary):
        encoded = {name: spelled.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be")}
        with contextlib.suppress(UnicodeEncodeError):
            encoded["latin-1"] = spelled.encode("latin-1")
        encoded["json"] = json.dumps(spelled)[1:-1].encode()
        encoded["json in json"] = json.dumps(encoded["json"].decode())[1:-1].encode()
        encoded["url"] = quote(spelled, safe="").encode()
        for name, raw in encoded.items():
            yield _Form(canary, name, raw.lower())
        for name in ("utf-8", "utf-16-le"):
            yield _Form(canary, f"hex of {name}", encoded[name].hex().encode())
            for before, needle in enumerate(_base64_needles(encoded[name])):
                yield _Form(canary, f"base64 of {name} after {before}", needle, any_case=False)


def _base64_needles(raw: bytes) -> Iterator[bytes]:
    """The characters of base64 that depend on this text alone, at each of three alignments.

    Needles are in the usual alphabet; what is searched is brought to it first.
    """
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + raw)
        start = -(-before * 8 // 6)
        whole = (before + len(raw)) * 8 // 6
        yield encoded[start:whole]


class Canaries:
    """A set of texts, ready to be looked for."""

    def __init__(self, canaries: Iterable[str]) -> None:
        """Take texts of at least five characters: shorter ones turn up by chance."""
        texts = list(dict.fromkeys(canaries))
        if any(len(text) < _START_BYTES for text in texts):
            raise ValueError("a canary of under five characters turns up by chance")
        forms = [form for text in texts for form in forms_of(text)]
        self._folded = _Needles(form for form in forms if form.any_case)
        self._exact = _Needles(form for form in forms if not form.any_case)

    def in_directory(self, directory: Path) -> list[Sighting]:
        """Every sighting in every file below a directory; file names are searched too."""
        found: list[Sighting] = []
        for file in sorted(directory.rglob("*")):
            name = str(file.relative_to(directory))
            found += self.in_bytes(name.encode(), f"the name of {name}")
            if file.is_file() and not file.is_symlink():
                found += self.in_bytes(file.read_bytes(), name)
        return found

    def in_bytes(self, raw: bytes, name: str) -> list[Sighting]:
        """Every sighting in these bytes and in the streams compressed within them."""
        return list(dict.fromkeys(self._search(raw, name, 0)))

    def _search(self, raw: bytes, name: str, depth: int) -> Iterator[Sighting]:
        yield from self._folded.seen(raw.lower(), name)
        # One alphabet, no line ends: base64 is found however it was wrapped.
        yield from self._exact.seen(raw.translate(_USUAL_BASE64, b"\r\n"), name)
        for offset, kind, inflated, sure in streams_in(raw) if depth < DEPTH_MAX else ():
            within = f"{name} > {kind} at {offset}"
            yield from self._search(inflated, within, depth + 1 if sure else DEPTH_MAX)


class _Needles:
    """Many needles found in one pass, however many there are.

    A file's runs of five bytes are gathered, chunk by chunk, and compared with the needles' first
    five: almost all chunks have none in common.
    """

    def __init__(self, forms: Iterable[_Form]) -> None:
        self._by_start: dict[bytes, list[_Form]] = {}
        for form in {form.needle: form for form in forms}.values():
            self._by_start.setdefault(form.needle[:_START_BYTES], []).append(form)
        self._starts = frozenset(self._by_start)

    def seen(self, raw: bytes, name: str) -> Iterator[Sighting]:
        for chunk in range(0, len(raw), _CHUNK_BYTES):
            end = min(chunk + _CHUNK_BYTES, len(raw))
            starts = {raw[at : at + _START_BYTES] for at in range(chunk, end)}
            for start in starts & self._starts:
                for form in self._by_start[start]:
                    last = end + len(form.needle)
                    at = raw.find(form.needle, chunk, last)
                    if at >= 0:
                        yield Sighting(name, form.canary, form.encoding, at)


def streams_in(raw: bytes) -> Iterator[tuple[int, str, bytes, bool]]:
    """Every compressed stream found: its offset, its kind, what it holds, and if it surely is one.

    Noise inflates to a few bytes of noise now and then: that is searched, but not for streams.
    """
    within_until = 0
    for offset in range(len(raw) - 2):
        first, second = raw[offset], raw[offset + 1]
        if first == 0x1F and second == 0x8B:
            kind, window = "gzip", 31
        elif first & 0x8F == 0x08 and (first << 8 | second) % 31 == 0:
            kind, window = "zlib", 15
        elif offset >= within_until and _can_begin_deflate(first):
            kind, window = "deflate", -15
        else:
            continue
        inflated, used, whole = _inflate(raw, offset, window)
        if len(inflated) < INFLATED_TEXT_MIN:
            continue
        sure = whole and (kind != "deflate" or used >= _PROBE_BYTES)
        if sure:
            within_until = offset + used
        yield offset, kind, inflated, sure or len(inflated) > _SURELY_A_STREAM_BYTES


def _can_begin_deflate(first: int) -> bool:
    """A block's type (bits 1-2) is never 3, and a stored block begins with zeros to the byte."""
    block_type = first >> 1 & 3
    return block_type in (1, 2) or (block_type == 0 and first in (0, 1))


def _inflate(raw: bytes, offset: int, window: int) -> tuple[bytes, int, bool]:
    """What can be inflated from here on, how many bytes it took, and whether it came to its end.

    A stream cut short or broken gives what came before.
    """
    stream = zlib.decompressobj(window)
    held: list[bytes] = []
    at, size, total = offset, _PROBE_BYTES, 0
    try:
        while at < len(raw) and not stream.eof and total < INFLATED_BYTES_MAX:
            held.append(stream.decompress(raw[at : at + size], INFLATED_BYTES_MAX - total))
            total += len(held[-1])
            at += size
            size = _PIECE_BYTES
    except zlib.error:
        if at == offset:
            return b"", 0, False
        held.append(_piecemeal(raw, offset, at, window)[total:])
    return b"".join(held), min(at, len(raw)) - offset - len(stream.unused_data), stream.eof


def _piecemeal(raw: bytes, offset: int, good_until: int, window: int) -> bytes:
    """What a stream that breaks somewhere after `good_until` gives before it does."""
    stream = zlib.decompressobj(window)
    held = [stream.decompress(raw[offset:good_until])]
    with contextlib.suppress(zlib.error):
        steps = range(good_until, min(good_until + _PIECE_BYTES, len(raw)), 8)
        held.extend(stream.decompress(raw[at : at + 8]) for at in steps)
    return b"".join(held)
