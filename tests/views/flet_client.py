"""A Flet client without a browser: it speaks Flet's real wire protocol to a real session.

What it keeps is the tree of plain data a Flutter client would hold, patched by the same packed
messages; what it sends is what the Dart client would send. It knows nothing of layout, focus or
the keyboard. It leans on internals of the pinned Flet, all in this file.

    async with FletClient.open(main) as phone:
        await phone.tap("Kirjaa")
        await phone.type_into("Muistiinpano", "Tavattu aseman kulmalla.")
        assert "Kaikki tallessa palvelimella" in phone.texts()
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import flet as ft
import msgpack  # type: ignore[import-untyped]
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import (
    Message,
    MessageAction,
    configure_encode_object_for_msgpack,
    decode_ext_from_msgpack,
)
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

Node = dict[str, Any]
Main = Callable[[ft.Page], Awaitable[None]]

# Flet's internals are untyped.
_make_encoder: Any = configure_encode_object_for_msgpack
_encode = _make_encoder(BaseControl)
_REPLACE, _ADD, _REMOVE, _MOVE = 0, 1, 2, 3
_TEXT_KEYS = (
    "content",
    "label",
    "title",
    "subtitle",
    "text",
    "value",
    "tooltip",
    "error",
    "suffix",
)
_TAP_EVENTS = ("click", "tap")
_BARS = ("NavigationBar", "NavigationRail")


class FletClient(Connection):
    """One open page; all sizes in logical pixels."""

    def __init__(self, width: float = 412, height: float = 915) -> None:
        """Connect a session of a phone's size."""
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url, self.page_name = "http://test", ""
        self.tree: Node = {}
        self.crashes: list[str] = []
        self.bytes_received = 0
        self.calls: list[tuple[str, Any]] = []
        self.session: Any = Session(self)
        media: Node = {"padding": {}, "view_padding": {}, "view_insets": {}}
        self.session.apply_page_patch(
            {
                "route": "/",
                "width": width,
                "height": height,
                "platform": "android",
                "web": False,
                "media": media,
            }
        )

    @classmethod
    @asynccontextmanager
    async def open(
        cls, main: Main, route: str = "/", width: float = 412, height: float = 915
    ) -> AsyncIterator[FletClient]:
        """Open a page, and close it at the end."""
        client = cls(width, height)
        try:
            _context_page.set(client.session.page)
            client.session.apply_page_patch({"route": route})
            client.tree = _through_the_wire(client.session.get_page_patch())
            await main(client.session.page)
            await client.session.after_event(client.session.page)
            await client.settle()
            yield client
        finally:
            await client.close()

    async def close(self) -> None:
        """Hang up; the page's `on_close` runs."""
        self.session.close()
        self.executor.shutdown(wait=False)
        await asyncio.sleep(0)

    # What the server sends

    def send_message(self, message: Message) -> None:
        """Take one message as a Flutter client would."""
        raw = msgpack.packb([message.action, message.body], default=_encode)
        self.bytes_received += len(raw)
        action, body = msgpack.unpackb(raw, ext_hook=decode_ext_from_msgpack, strict_map_key=False)
        if MessageAction(action) is MessageAction.PATCH_CONTROL:
            _patch(self._by_id(body["id"]), body["patch"])
        elif MessageAction(action) is MessageAction.SESSION_CRASHED:
            self.crashes.append(body["message"])
        elif MessageAction(action) is MessageAction.INVOKE_METHOD:
            self.calls.append((body["name"], body.get("args")))
            self.loop.create_task(self._invoked(body))

    async def _invoked(self, body: Node) -> None:
        if body["name"] == "push_route":
            await self.go(body["args"]["route"])
        self.session.handle_invoke_method_results(body["control_id"], body["call_id"], None, None)

    # What is on screen

    def views(self) -> list[Node]:
        """The stack of views, the topmost last."""
        return [each for each in self.walk(self.tree) if each["_c"] == "View"]

    def dialogs(self) -> list[Node]:
        """The open dialogs, the topmost last."""
        return [each for each in self.walk(self.tree.get("_dialogs")) if each.get("open")]

    def scope(self) -> Node:
        """What a person can touch: the topmost dialog, or else the top view."""
        open_ones = self.dialogs()
        return open_ones[-1] if open_ones else self.views()[-1]

    def walk(self, node: Any, *, hidden: bool = False) -> Iterator[Node]:
        """Every control below a node, itself included."""
        if isinstance(node, dict):
            if node.get("visible") is False and not hidden:
                return
            if "_c" in node:
                yield node
            for value in node.values():
                yield from self.walk(value, hidden=hidden)
        elif isinstance(node, list):
            for value in node:
                yield from self.walk(value, hidden=hidden)

    def texts(self, node: Node | None = None) -> list[str]:
        """Every text in sight."""
        start = self.scope() if node is None else node
        return [text for each in self.walk(start) for text in _plain_texts(each)]

    def shows(self, text: str) -> bool:
        """Whether any text in sight contains this one."""
        return any(text in each for each in self.texts())

    def find(
        self, kind: str | None = None, text: str | None = None, *, key: str | None = None
    ) -> Node:
        """The one control in sight of this kind, with this text or key.

        Raises:
            LookupError: none or several fit; the message lists what is on screen.
        """
        hits = [
            each
            for each in self.walk(self.scope())
            if (kind is None or each["_c"] == kind)
            and (text is None or text in _own_texts(each))
            and (key is None or each.get("key") == key)
        ]
        if len(hits) != 1:
            raise LookupError(f"{len(hits)} × {kind} {text!r} {key!r}; on screen: {self.texts()}")
        return hits[0]

    def count(self, kind: str) -> int:
        """How many controls of a kind are in sight."""
        return sum(each["_c"] == kind for each in self.walk(self.scope()))

    def identified(self, identifier: str) -> Node:
        """The `Semantics` node with an identifier."""
        hits = [e for e in self.walk(self.scope()) if e.get("identifier") == identifier]
        if len(hits) != 1:
            raise LookupError(f"{len(hits)} × #{identifier}; on screen: {self.texts()}")
        return hits[0]

    # What a person does

    async def tap(self, text: str) -> None:
        """Tap the one thing with this text, label or spoken name, or that place of the bar."""
        hits = [
            (each, event)
            for each in self.walk(self.scope())
            for event in _TAP_EVENTS
            if each.get("on_" + event) and text in _own_texts(each)
        ]
        places = self._places()
        if not hits and text in places:
            await self.choose_tab(places.index(text))
            return
        if len(hits) != 1:
            raise LookupError(f"{len(hits)} tappable {text!r}; on screen: {self.texts()}")
        await self.event(hits[0][0], hits[0][1])

    async def tap_inside(self, text: str) -> None:
        """Tap the smallest tappable thing that holds this text (a row)."""
        hits = [
            each
            for each in self.walk(self.scope())
            if each.get("on_click") and text in self.texts(each)
        ]
        if not hits:
            raise LookupError(f"nothing tappable around {text!r}; on screen: {self.texts()}")
        smallest = min(hits, key=lambda each: sum(1 for _ in self.walk(each)))
        await self.event(smallest, "click")

    async def hold(self, node: Node) -> None:
        """Press long."""
        await self.event(node, "long_press")

    async def type_into(self, label: str, text: str) -> None:
        """Replace a text field's content, as its last keystroke leaves it."""
        await self.event(self.find("TextField", label), "change", text, value=text)

    async def choose_tab(self, index: int) -> None:
        """Tap a destination of the bar or rail."""
        bar = next(each for each in self.walk(self.scope()) if each["_c"] in _BARS)
        await self.event(bar, "change", index, selected_index=index)

    async def back(self) -> None:
        """Press the system's back button."""
        if self.dialogs():
            await self.event(self.dialogs()[-1], "dismiss", open=False)
            return
        top = self.views()[-1]
        if top.get("can_pop") is False:
            await self.event(top, "confirm_pop")
        else:
            await self.event(self.tree, "view_pop", {"route": top["route"]})

    async def go(self, route: str) -> None:
        """Change the address."""
        self.tree["route"] = route
        self.session.apply_page_patch({"route": route})
        page_id = self.session.page._i
        await asyncio.create_task(
            self.session.dispatch_event(page_id, "route_change", {"route": route})
        )
        await self.settle()

    async def resize(self, width: float, height: float) -> None:
        """Turn the phone, or widen the window."""
        size = {"width": width, "height": height}
        self.tree.update(size)
        self.session.apply_page_patch(size)
        await self.event(self.tree, "resize", size)

    async def lifecycle(self, state: str) -> None:
        """Put the app behind others or in front again, e.g. "hide", "resume"."""
        await self.event(self.tree, "app_lifecycle_state_change", {"state": state})

    async def event(self, node: Node, name: str, data: Any = None, **properties: Any) -> None:
        """Send an event of a control, its changed properties first.

        Raises:
            AssertionError: the control is disabled.
        """
        if node.get("disabled"):
            raise AssertionError(f"{node['_c']} is disabled")
        if properties:
            node.update(properties)
            self.session.apply_patch(node["_i"], properties)
        if node.get("on_" + name) or node is self.tree:
            await asyncio.create_task(self.session.dispatch_event(node["_i"], name, data))
        await self.settle()

    async def settle(self, rounds: int = 25) -> None:
        """Let everything that is ready run.

        Raises:
            AssertionError: the session crashed.
        """
        for _ in range(rounds):
            await asyncio.sleep(0)
        if self.crashes:
            raise AssertionError("the session crashed: " + self.crashes[0])

    async def until(self, condition: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait for something that comes from a thread or a timer.

        Raises:
            AssertionError: it did not come.
        """
        end = self.loop.time() + seconds
        while not condition():
            if self.loop.time() > end:
                raise AssertionError(f"waited in vain; on screen: {self.texts()}")
            await asyncio.sleep(0.01)

    def _places(self) -> list[str]:
        """The labels of the bar or rail in sight, in their order."""
        bars = [each for each in self.walk(self.scope()) if each["_c"] in _BARS]
        return [str(each["label"]) for bar in bars for each in bar.get("destinations", [])]

    def _by_id(self, control_id: int) -> Node:
        return next(e for e in self.walk(self.tree, hidden=True) if e.get("_i") == control_id)


def _through_the_wire(value: Any) -> Any:
    raw = msgpack.packb(value, default=_encode)
    return msgpack.unpackb(raw, ext_hook=decode_ext_from_msgpack, strict_map_key=False)


def _patch(root: Any, patch: list[Any]) -> None:
    """Apply Flet's patch: a tree of paths by number, then operations on them."""
    paths: dict[int, list[Any]] = {}
    _number(patch[0], [], paths)

    def target(number: int) -> Any:
        place = root
        for step in paths[number]:
            place = place[step]
        return place

    for operation in patch[1:]:
        kind, place = operation[0], target(operation[1])
        if kind == _REPLACE:
            place[operation[2]] = operation[3]
        elif kind == _ADD:
            _put(place, operation[2], operation[3])
        elif kind == _REMOVE:
            del place[operation[2]]
        elif kind == _MOVE:
            _put(target(operation[3]), operation[4], place.pop(operation[2]))


def _number(node: list[Any], path: list[Any], paths: dict[int, list[Any]]) -> None:
    paths[node[0]] = path
    for step, child in node[1].items() if len(node) > 1 else ():
        _number(child, [*path, step], paths)


def _put(place: Any, at: Any, value: Any) -> None:
    if isinstance(place, list):
        place.insert(at, value)
    else:
        place[at] = value


def _plain_texts(node: Node) -> list[str]:
    spoken = [text for key in _TEXT_KEYS if isinstance(text := node.get(key), str)]
    if isinstance(name := node.get("semantics_label"), str):
        spoken.append(name)
    return spoken


def _own_texts(node: Node) -> list[str]:
    """A control's own words: its label, or those of the text or icon it holds."""
    texts = _plain_texts(node)
    for key in ("content", "label", "title", "icon", "text"):
        held = node.get(key)
        if isinstance(held, dict) and held.get("_c") in ("Text", "Icon"):
            texts += _plain_texts(held)
        elif isinstance(held, dict) and held.get("_c") == "Row":
            for each in held.get("controls", []):
                texts += _plain_texts(each) if each.get("_c") == "Text" else []
    return texts
