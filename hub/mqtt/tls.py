"""TLS to a broker: what we trust, what we show, and what is wrong in words for a person."""

import asyncio
import socket
import ssl
from pathlib import Path
from typing import Any

from hub.mqtt.address import BrokerAddress, Trust
from hub.mqtt.errors import BrokerUnreachable
from hub.mqtt.unreachable import unreachable

VERDICT_TIMEOUT_S = 1.0
"""With TLS 1.3 a server judges our certificate after the handshake; this is its time for it."""
_OUR_CERTIFICATE = ("ALERT_CERTIFICATE", "ALERT_BAD_CERTIFICATE", "ALERT_UNKNOWN_CA")
"""Parts of OpenSSL's names for what a server says of a client's certificate."""


class NamedContext(ssl.SSLContext):
    """A context that expects a certain name in the certificate, whichever host is dialled."""

    server_name: str | None = None

    def wrap_socket(self, sock: socket.socket, *args: Any, **others: Any) -> ssl.SSLSocket:
        """Wrap a socket, as the MQTT library does it."""
        if self.server_name is not None:
            others["server_hostname"] = self.server_name
        return super().wrap_socket(sock, *args, **others)


def context(address: BrokerAddress) -> NamedContext:
    """Return what a connection is made with. Raises BrokerUnreachable for files that do not fit."""
    trust = address.trust
    made = NamedContext(ssl.PROTOCOL_TLS_CLIENT)
    made.server_name = trust.server_name
    try:
        if trust.ca_file is None:
            made.load_default_certs()
        else:
            made.load_verify_locations(trust.ca_file.expanduser())
    except (OSError, ssl.SSLError) as error:
        raise _no_tls(address, _file("ca_file", trust.ca_file, error)) from None
    if trust.certificate_file is not None:
        _show(made, address, trust)
    return made


async def probe(address: BrokerAddress, timeout_s: float) -> NamedContext:
    """Shake hands with the broker once, and return the context for it. Raises BrokerUnreachable.

    The MQTT library does it in a thread, where it can not be cancelled and does not say what is
    wrong with a certificate.
    """
    made = context(address)
    _, writer = await _shake_hands(address, made, timeout_s)
    writer.transport.abort()
    return made


async def verdict(address: BrokerAddress) -> BrokerUnreachable | None:
    """Return what the broker says of the certificate that we show, if it does not like it."""
    try:
        reader, writer = await _shake_hands(address, context(address), VERDICT_TIMEOUT_S)
    except BrokerUnreachable as failure:
        return failure
    try:
        async with asyncio.timeout(VERDICT_TIMEOUT_S):
            await reader.read(1)
    except ssl.SSLError as error:
        return _no_tls(address, _of_our_certificate(address, error)) if _ours(error) else None
    except (OSError, TimeoutError):
        return None
    finally:
        writer.transport.abort()
    return None


async def _shake_hands(
    address: BrokerAddress, made: NamedContext, timeout_s: float
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    name = made.server_name or address.host
    try:
        async with asyncio.timeout(timeout_s):
            return await asyncio.open_connection(
                address.host, address.port, ssl=made, server_hostname=name
            )
    except ssl.SSLCertVerificationError as error:
        raise _no_tls(address, _of_their_certificate(address, error)) from None
    except ssl.SSLError as error:
        if _ours(error):
            raise _no_tls(address, _of_our_certificate(address, error)) from None
        raise _no_tls(address, "it does not speak TLS on this port.") from None
    except (ConnectionResetError, asyncio.IncompleteReadError):
        raise _no_tls(address, "it does not speak TLS on this port.") from None
    except TimeoutError:
        raise _no_tls(address, "it does not answer to TLS.") from None
    except OSError:
        raise unreachable(address) from None


def _show(made: NamedContext, address: BrokerAddress, trust: Trust) -> None:
    """Take the certificate that we show. Raises BrokerUnreachable."""
    certificate, key = trust.certificate_file, trust.key_file
    for setting, file in (("certificate_file", certificate), ("key_file", key)):
        try:
            if file is not None:
                with file.expanduser().open("rb"):
                    pass
        except OSError as error:
            raise _no_tls(address, _file(setting, file, error)) from None
    assert certificate is not None
    try:
        # Without an answer to it, a key with a passphrase would ask for it on the terminal.
        made.load_cert_chain(
            certificate.expanduser(), key and key.expanduser(), password=lambda: ""
        )
    except (OSError, ssl.SSLError, ValueError) as error:
        text = "mqtt.certificate_file and mqtt.key_file can not be used together"
        reason = getattr(error, "reason", None) or error
        raise _no_tls(address, f"{text} ({_words(str(reason))}).") from None


def _ours(error: ssl.SSLError) -> bool:
    return any(part in (error.reason or "") for part in _OUR_CERTIFICATE)


def _of_our_certificate(address: BrokerAddress, error: ssl.SSLError) -> str:
    words = _words(error.reason or "").partition("alert ")[2]
    if address.trust.certificate_file is None:
        return (
            f"it wants a certificate from us ({words}). Name one in mqtt.certificate_file and "
            "mqtt.key_file."
        )
    return f"it does not take the certificate in mqtt.certificate_file ({words})."


def _of_their_certificate(address: BrokerAddress, error: ssl.SSLCertVerificationError) -> str:
    text = f"its certificate is not trusted, {error.verify_message.rstrip('.')}."
    if "mismatch" in error.verify_message:
        return f"{text} If it is the right broker, set mqtt.server_name to its certificate's name."
    if "expired" in error.verify_message or address.trust.ca_file is not None:
        return text
    return f"{text} If the broker's certificate is of your own making, name its CA in mqtt.ca_file."


def _file(setting: str, file: Path | None, error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return f"mqtt.{setting}: {file} holds no certificate in PEM form."
    return f"mqtt.{setting}: {file} can not be read ({getattr(error, 'strerror', error)})."


def _words(reason: str) -> str:
    return reason.replace("_", " ").lower()


def _no_tls(address: BrokerAddress, reason: str) -> BrokerUnreachable:
    return BrokerUnreachable(
        "broker-tls", f"No TLS connection to the MQTT broker at {address}: {reason}"
    )
