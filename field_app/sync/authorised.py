"""Requests as this device: its token, and a renewed one when the server no longer takes it.

A renewal answers the challenge of the 401 with the device's signature. When the answer to a
renewal was lost, the server knows only the newer token: then a challenge is asked for by an empty
request for a token.
"""

from __future__ import annotations

import base64
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from field_app.domain.errors import AnswerDamaged, Malformed, NotAuthenticated, TokenExpired
from field_app.sync.admission import Token, TokenRequest
from field_app.sync.canonical import canonical_bytes, parse
from field_app.sync.transport import Answer, Link, Packed, Transport

AnyMessage = TypeVar("AnyMessage", bound=BaseModel)


class Credentials(Protocol):
    """Who the device is to the server; the private key stays behind `sign`."""

    @property
    def server_url(self) -> str:
        """The server's root, e.g. "https://rinnalla.example.org:8700"."""
        ...

    @property
    def device(self) -> str:
        """The device's id."""
        ...

    @property
    def token(self) -> str:
        """The token as last given."""
        ...

    @property
    def certificate(self) -> str:
        """What enrolment gave, for a server that was restored from before it; "" for none."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign with the device's Ed25519 key."""
        ...

    def save_token(self, token: str) -> None:
        """Keep a renewed token, durably: the old one is void."""
        ...


class Authorised:
    """One device's requests to its server."""

    def __init__(self, credentials: Credentials, link: Link) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ServerNotTrusted: the server's address would be plain HTTP to another machine.
        """
        self._credentials = credentials
        self._transport = Transport(credentials.server_url, link)

    def close(self) -> None:
        """Close the connection."""
        self._transport.close()

    def call(self, method: str, path: str, body: bytes | Packed | None, **how: Any) -> bytes:
        """A request with the token; once, a renewed one when the server does not take it."""
        return self.begin(method, path, body, **how).read()

    def begin(self, method: str, path: str, body: bytes | Packed | None, **how: Any) -> Answer:
        """As `call`, only until the answer begins."""
        credentials = self._credentials
        try:
            return self._transport.begin(method, path, body, token=credentials.token, **how)
        except TokenExpired as expired:
            self._renew(str(expired.values.get("challenge", "")))
        except NotAuthenticated as refused:
            if type(refused) is not NotAuthenticated:
                raise
            # The answer to an earlier renewal was lost: the server knows a newer token only.
            self._renew("")
        return self._transport.begin(method, path, body, token=credentials.token, **how)

    def _renew(self, challenge: str) -> None:
        """Prove by signature who this is, and keep the new token.

        Raises:
            TokenExpired: the server takes no signature of this device.
            NotAuthenticated: nor does it know the device, even by its certificate.
            DeviceRevoked: the device may not come in any more.
        """
        certificate = ""
        for _ in range(3):
            try:
                token = self._ask_token(challenge, certificate)
            except TokenExpired as expired:  # with the challenge that was asked for, or a new one
                challenge = str(expired.values.get("challenge", ""))
                if not challenge:
                    raise
            except NotAuthenticated as refused:
                certificate = self._credentials.certificate
                if type(refused) is not NotAuthenticated or not certificate or challenge:
                    raise
            else:
                self._credentials.save_token(token)
                return
        raise TokenExpired("no challenge was taken")

    def _ask_token(self, challenge: str, certificate: str) -> str:
        signature = ""
        if challenge:
            signed = self._credentials.sign(TokenRequest.signed_bytes(challenge))
            signature = base64.b64encode(signed).decode()
        request = TokenRequest(
            device=self._credentials.device,
            challenge=challenge,
            signature=signature,
            certificate=certificate,
        )
        body = canonical_bytes(request.model_dump(exclude_defaults=True))
        return read_message(Token, self._transport.call("POST", "/v1/token", body)).token


def read_message(kind: type[AnyMessage], body: bytes) -> AnyMessage:
    """A small message of an answer's bytes.

    Raises:
        AnswerDamaged: not JSON at all.
        Malformed: it is not such a message.
    """
    require_json(body)
    try:
        return kind.model_validate(parse(body))
    except ValidationError:
        raise Malformed(kind.__name__) from None


def require_json(*texts: bytes) -> None:
    """Tell noise from what another version may have meant.

    Raises:
        AnswerDamaged: one of them is not JSON at all.
    """
    try:
        for text in texts:
            parse(text)
    except Malformed:
        raise AnswerDamaged("not JSON") from None
