"""The client: rounds over HTTP, tokens renewed on the way, enrolment, coordinators' questions."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from field_app.domain.errors import (
    AnswerTooLarge,
    CodeMistyped,
    CodeUsed,
    DeviceRevoked,
    Malformed,
    NotAuthenticated,
    Offline,
    ServerUnreachable,
    TokenExpired,
)
from field_app.sync import answers
from field_app.sync.admission import TokenRequest
from field_app.sync.client import Progress, SyncClient, enrol
from field_app.sync.enrolment_code import EnrolmentCode
from field_app.sync.exchange import Outcome
from field_app.sync.protocol import MEDIA_TYPE, PullPage, PullRequest, PushBatch
from field_app.sync.transport import Link
from tests.sync.answers import answer_of, json_answer, problem
from tests.sync.makers import AT, PERSON, TEAM, signing_key
from tests.sync.test_schedule import HandClock
from tests.sync.tiny_ends import BUCKET, TinyDevice, TinyServer

URL = "http://127.0.0.1:8700"


@dataclass
class Kept:
    """The device's credentials as a store keeps them."""

    key: Ed25519PrivateKey = field(default_factory=signing_key)
    server_url: str = URL
    device: str = "d" * 32
    token: str = "old"
    certificate: str = ""
    saved: list[str] = field(default_factory=list)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message)

    def save_token(self, token: str) -> None:
        self.saved.append(token)
        self.token = token


@dataclass
class HttpServer:
    """`TinyServer` behind HTTP, with tokens as the real one has them."""

    tiny: TinyServer = field(default_factory=TinyServer)
    key: Ed25519PrivateKey = field(default_factory=signing_key)
    token: str = "old"
    certificate: str = ""
    challenge: str = ""
    challenges: int = 0
    expired: bool = False
    says_challenge: bool = True
    limits: list[int] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    refuse_with: str = ""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.paths.append(request.url.path)
        if request.url.path == "/v1/token":
            return self._renew(TokenRequest.model_validate_json(request.content))
        if self.refuse_with:
            return problem(401, self.refuse_with)
        if request.headers["Authorization"] != f"Bearer {self.token}":
            return problem(401, "not_authenticated")
        if self.expired:
            return self._challenge()
        body = gzip.decompress(request.content)
        if request.url.path == "/v1/push":
            answer = self.tiny.answer(PushBatch.decode(body))
            return json_answer(answer.model_dump(mode="json"))  # type: ignore[union-attr]
        asked = PullRequest.model_validate_json(body)
        self.limits.append(asked.limit)
        page = self.tiny.answer(asked)
        assert isinstance(page, PullPage)
        headers = {"Content-Type": MEDIA_TYPE, "Content-Encoding": "gzip"}
        return answer_of(200, gzip.compress(page.encode()), headers)

    def _challenge(self) -> httpx.Response:
        self.challenges += 1
        self.challenge = f"challenge {self.challenges}"
        told = {"challenge": self.challenge} if self.says_challenge else {}
        return problem(401, "token_expired", **told)

    def _renew(self, request: TokenRequest) -> httpx.Response:
        if not request.challenge or request.challenge != self.challenge:
            return self._challenge()
        signature = base64.b64decode(request.signature)
        self.key.public_key().verify(signature, TokenRequest.signed_bytes(request.challenge))
        self.challenge, self.expired = "", False
        self.token = f"new {self.challenges}"
        return json_answer({"token": self.token})


def client_of(
    server: Callable[[httpx.Request], httpx.Response],
    kept: Kept | None = None,
    failures: int = 0,
    **link: Any,
) -> SyncClient:
    carrier = httpx.MockTransport(server)
    to = Link(clock=HandClock(), app="1.2", carrier=carrier, **link)
    return SyncClient(kept or Kept(), to, failures)


# -- rounds ------------------------------------------------------------------------------------


def test_a_round_over_http_pushes_and_pulls_and_tells_how_far_it_is() -> None:
    device, server = TinyDevice(), HttpServer()
    for text in "12345":
        device.save(text)
    told: list[Progress] = []
    with client_of(server) as client:
        outcome = client.sync(device, told.append)
    assert outcome == Outcome(5, 5, complete=True)
    assert server.paths == ["/v1/push"] * 3 + ["/v1/pull"] * 3
    assert device.outbox == []
    assert device.cursors == {BUCKET: (1, 5)}
    assert [(one.phase, one.pushed, one.pulled) for one in told] == [
        ("pushing", 2, 0),
        ("pushing", 4, 0),
        ("pushing", 5, 0),
        ("pulling", 5, 2),
        ("pulling", 5, 4),
        ("pulling", 5, 5),
    ]
    assert told[-1].remaining == 0


def test_the_exact_bytes_of_headers_and_parts_arrive() -> None:
    device, server = TinyDevice(), HttpServer()
    device.save("ä \U0001f600 \\u0041 \u2028")
    sent = device.outbox[0]
    client_of(server).sync(device)
    assert [one.header.raw for one in server.tiny.stored] == [sent.header.raw]
    assert server.tiny.stored[0].parts[0].raw == sent.parts[0].raw


def test_a_round_broken_off_keeps_what_was_answered() -> None:
    device, server = TinyDevice(), HttpServer()
    for text in "12345":
        device.save(text)
    calls = 0

    def failing(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise httpx.ConnectError("gone")
        return server(request)

    client = client_of(failing)
    with pytest.raises(ServerUnreachable):
        client.sync(device)
    assert len(device.outbox) == 3
    assert client.sync(device).complete
    assert len(server.tiny.stored) == 5


def test_a_switch_thrown_in_the_middle_ends_the_round_before_the_next_request() -> None:
    device, server = TinyDevice(), HttpServer()
    device.save()
    with pytest.raises(Offline):
        client_of(server, is_offline=lambda: len(server.paths) >= 1).sync(device)
    assert server.paths == ["/v1/push"]
    assert device.outbox == []


def test_a_page_too_large_to_read_is_asked_for_in_smaller_pieces(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    device, server = TinyDevice(), HttpServer()
    for text in "12345":
        device.save(text)
    real = server.tiny.answer(device.pull_request())
    assert isinstance(real, PullPage)
    monkeypatch.setattr(answers, "ANSWER_BYTES_MAX", 1)
    with pytest.raises(AnswerTooLarge):
        client_of(server).sync(TinyDevice())
    assert server.limits == [500, 62, 7, 1]


# -- tokens ------------------------------------------------------------------------------------


def test_a_token_past_its_time_is_renewed_on_the_way_and_the_request_sent_again() -> None:
    device, kept, server = TinyDevice(), Kept(), HttpServer(expired=True)
    device.save()
    assert client_of(server, kept).sync(device).complete
    assert server.paths == ["/v1/push", "/v1/token", "/v1/push", "/v1/pull"]
    assert kept.saved == ["new 1"]
    assert len(server.tiny.stored) == 1


def test_a_401_without_a_challenge_asks_for_one_first() -> None:
    kept, server = Kept(), HttpServer(expired=True, says_challenge=False)

    def told_at_the_token_route(request: httpx.Request) -> httpx.Response:
        server.says_challenge = request.url.path == "/v1/token"
        return server(request)

    assert client_of(told_at_the_token_route, kept).sync(TinyDevice()).complete
    assert server.paths == ["/v1/pull", "/v1/token", "/v1/token", "/v1/pull"]
    assert kept.saved == ["new 2"]


def test_a_renewal_whose_answer_was_lost_does_not_lock_the_device_out() -> None:
    kept, server = Kept(), HttpServer(token="newer than the device knows")
    assert client_of(server, kept).sync(TinyDevice()).complete
    assert kept.saved == [server.token]


def test_a_challenge_that_was_too_late_is_answered_anew() -> None:
    kept, server = Kept(), HttpServer(expired=True)

    def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/token" and server.challenges == 1:
            server.challenge = "another by now"
        return server(request)

    assert client_of(slow, kept).sync(TinyDevice()).complete
    assert kept.saved == ["new 2"]


def test_a_server_that_takes_no_signature_is_not_asked_for_ever() -> None:
    kept, paths = Kept(), []

    def stubborn(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        return problem(401, "token_expired", challenge="again")

    with pytest.raises(TokenExpired):
        client_of(stubborn, kept).sync(TinyDevice())
    assert len(paths) <= 4
    assert kept.saved == []


def test_a_new_token_that_is_refused_at_once_is_an_error_and_not_a_loop() -> None:
    paths: list[str] = []

    def forgetful(request: httpx.Request) -> httpx.Response:
        paths.append(request.url.path)
        if request.url.path == "/v1/token":
            body = TokenRequest.model_validate_json(request.content)
            if not body.challenge:
                return problem(401, "token_expired", challenge="c")
            return json_answer({"token": "t"})
        return problem(401, "not_authenticated")

    with pytest.raises(NotAuthenticated):
        client_of(forgetful).sync(TinyDevice())
    assert paths == ["/v1/pull", "/v1/token", "/v1/token", "/v1/pull"]


def test_a_revoked_device_asks_for_no_token_and_keeps_its_work() -> None:
    device, server = TinyDevice(), HttpServer(refuse_with="device_revoked")
    device.save()
    with pytest.raises(DeviceRevoked):
        client_of(server).sync(device)
    assert server.paths == ["/v1/push"]
    assert len(device.outbox) == 1


# -- enrolment ---------------------------------------------------------------------------------

CODE = EnrolmentCode("127.0.0.1:8700", bytes(range(16)))
ENROLLED = {
    "device": "d" * 32,
    "worker": "a" * 32,
    "organisation": "0" * 32,
    "organisation_name": "Esimerkkikunta",
    "token": "t",
    "epoch": "e1",
    "certificate": "Yw==",
}


def enrolling(server: Callable[[httpx.Request], httpx.Response], code: str = CODE.encode()) -> Any:
    link = Link(clock=HandClock(), app="1.2", carrier=httpx.MockTransport(server))
    return enrol(code, public_key=b"k" * 32, instance="1" * 32, link=link)


def test_a_code_enrols_the_device_with_its_own_key() -> None:
    seen: list[httpx.Request] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return json_answer(ENROLLED | {"newer": "member"})

    enrolment = enrolling(server)
    assert enrolment.server_url == URL
    assert enrolment.enrolled.device == "d" * 32
    assert str(seen[0].url) == f"{URL}/v1/enrol"
    assert json.loads(seen[0].content) == {
        "app": "1.2",
        "instance": "1" * 32,
        "public_key": base64.b64encode(b"k" * 32).decode(),
        "schema": 1,
        "secret": bytes(range(16)).hex(),
    }


def test_a_mistyped_code_sends_nothing() -> None:
    def server(_: httpx.Request) -> httpx.Response:
        raise AssertionError("sent")

    with pytest.raises(CodeMistyped):
        enrolling(server, CODE.encode().replace("0", "1", 1))


def test_a_used_code_says_so_and_half_an_answer_is_no_enrolment() -> None:
    with pytest.raises(CodeUsed):
        enrolling(lambda _: problem(409, "code_used"))
    with pytest.raises(Malformed):
        enrolling(lambda _: json_answer({"device": "d" * 32}))


# -- coordinators ------------------------------------------------------------------------------

CASE = {
    "set_id": "c" * 32,
    "status": "needs-human",
    "reason": "out_of_scope",
    "register": "common",
    "author": "a" * 32,
    "device": "d" * 32,
    "received_at": AT,
    "size": 300,
}
ENTRY = {"device": "d" * 32, "worker": "a" * 32, "enrolled_at": AT, "unsynced": 4}


def test_what_coordinators_ask_goes_where_the_server_answers() -> None:
    seen: list[tuple[str, str, Any]] = []
    answers: dict[str, Any] = {
        "/v1/cases": [CASE],
        f"/v1/cases/{'c' * 32}": {"case": CASE, "sets": []},
        "/v1/devices": [ENTRY],
        "/v1/staff": {"version": 3, "teams": [{"id": TEAM, "name": "Pohjoinen"}]},
        "/v1/access/code": {"code": CODE.encode(), "expires_at": AT},
    }

    def server(request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"] == "Bearer old"
        body = json.loads(request.content) if request.content else None
        seen.append((request.method, request.url.path, body))
        return json_answer(answers.get(request.url.path, {}))

    client = client_of(server)
    assert client.cases()[0].register_name == "common"
    assert client.case("c" * 32).sets == ()
    client.accept_case("c" * 32, "was on leave")
    client.set_aside_case("c" * 32, "written twice")
    assert client.devices()[0].unsynced == 4
    assert client.staff().teams[0].name == "Pohjoinen"
    assert client.make_code("a" * 32).code == CODE.encode()
    client.revoke_device("d" * 32)
    client.access("move", person=PERSON, team=TEAM)
    assert [one for one in seen if one[0] == "POST"] == [
        ("POST", f"/v1/cases/{'c' * 32}/accept", {"reason": "was on leave"}),
        ("POST", f"/v1/cases/{'c' * 32}/set-aside", {"reason": "written twice"}),
        ("POST", "/v1/access/code", {"worker": "a" * 32}),
        ("POST", f"/v1/devices/{'d' * 32}/revoke", {}),
        ("POST", "/v1/access/move", {"person": PERSON, "team": TEAM}),
    ]


@pytest.mark.parametrize("wire", [{}, None, [1], "text", [{"set_id": "c"}]])
def test_an_answer_of_another_shape_is_refused(wire: Any) -> None:
    with pytest.raises(Malformed):
        client_of(lambda _: json_answer(wire)).cases()
    with pytest.raises(Malformed):
        client_of(lambda _: json_answer(wire)).devices()
