"""Which certificate authority a server must be certified by: the TLS side of the transport.

An enrolment code may carry a **pin** of the authority's public key (`enrolment_code`). Then that
authority alone is trusted, now and at every later sync, whatever else the phone trusts: a proxy
that breaks TLS open is refused even when its own authority was put onto the phone. The authority's
certificate is taken from what the server shows or from those the phone has; only its key counts,
and the handshake with it as the only anchor proves the rest.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpx
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from field_app.domain.errors import ServerNotTrusted
from field_app.sync.enrolment_code import pin_of

_DER = 2  # _ssl.ENCODING_DER, before Python 3.13
HANDSHAKE_SECONDS = 10.0


def context_of(verify: str | bool | ssl.SSLContext, authority: str = "") -> ssl.SSLContext:
    """What a connection trusts: one authority (PEM), else those of a file, else the system's.

    Raises:
        ServerNotTrusted: nothing to trust is named, or it cannot be read.
    """
    try:
        if authority:
            return _trusting_only(authority)
        if isinstance(verify, ssl.SSLContext):
            return verify
        if verify is False:
            raise ServerNotTrusted("certificates are always checked")
        if isinstance(verify, str):
            return ssl.create_default_context(cafile=verify)
        return httpx.create_ssl_context(trust_env=False)
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise ServerNotTrusted(type(error).__name__) from None


def trusting_nobody() -> ssl.SSLContext:
    """For plain HTTP to this very machine: there is nothing to read from disk."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def find_authority(host: str, port: int, pin: str, verify: str | bool | ssl.SSLContext) -> str:
    """The certificate (PEM) of the authority with this pin, as the server or the phone has it.

    Nothing is sent to the server but the beginning of a handshake.

    Raises:
        ServerNotTrusted: neither has it.
        OSError: the server cannot be reached.
    """
    for der in (*_shown_by(host, port), *context_of(verify).get_ca_certs(binary_form=True)):
        try:
            certificate = x509.load_der_x509_certificate(der)
            if _may_certify(certificate) and pin_of(certificate) == pin:
                return certificate.public_bytes(Encoding.PEM).decode()
        except ValueError:  # of the system's hundreds, some may be beyond this library
            continue
    raise ServerNotTrusted("another authority")


def _trusting_only(authority: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=authority)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN  # an authority beneath another will do
    return context


def _may_certify(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _shown_by(host: str, port: int) -> Iterator[bytes]:
    """The certificates a server shows, unverified: what is trusted is decided by the pin."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, port), timeout=HANDSHAKE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        yield from _chain_of(wrapped)


def _chain_of(wrapped: Any) -> Iterable[bytes]:
    """The chain in DER; public from Python 3.13 on, which the phones have."""
    if hasattr(wrapped, "get_unverified_chain"):
        return list(wrapped.get_unverified_chain())
    return [one.public_bytes(_DER) for one in wrapped._sslobj.get_unverified_chain() or ()]
