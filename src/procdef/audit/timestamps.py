"""Timestamps (RFC 3161): a third party signs that it saw a note at a time. Only the note's SHA-256 leaves the house."""

from __future__ import annotations

import shlex
import subprocess
from datetime import datetime
from hashlib import sha256
from http.client import HTTPException
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import Request, urlopen

from procdef.errors import AnchorFailed, ExtraMissing, NoteInvalid
from procdef.log.child_environment import child_environment

LONGEST = 1 << 20
"""Bytes of a timestamp, which holds a few certificates."""
_PATIENCE = 60.0
_GRANTED = 0


class Stamped(NamedTuple):
    """When a note was seen, and by whom: the subject of the certificate that signed."""

    at: datetime
    by: str


def stamp(note: bytes, service: str) -> bytes:
    """The answer of a timestamp service to the note: a URL, or a command that reads a request and prints an answer.

    It is held against the request here; against the service's certificate by ``check_stamp``. Raises ``AnchorFailed``.
    """
    client = _client()
    request = client.TimestampRequestBuilder().data(note).hash_algorithm(client.HashAlgorithm.SHA256).build()
    sent = request.as_bytes()
    answer = _posted(sent, service) if service.startswith(("http://", "https://")) else _run(sent, service)
    try:
        response = client.decode_timestamp_response(answer)
        if response.status != _GRANTED:
            raise AnchorFailed(f"the timestamp was not granted: {' '.join(map(str, response.status_string))}")
        told = response.tst_info
        fits = told.message_imprint.message == sha256(note).digest() and told.nonce == request.nonce
    except (ValueError, TypeError) as error:
        raise AnchorFailed(f"the timestamp service did not answer with a timestamp: {error}") from None
    if not fits:
        raise AnchorFailed("the timestamp service answered with a timestamp of something else")
    return answer


def check_stamp(note: bytes, answer: bytes, authorities: bytes) -> Stamped:
    """When the note was seen, by the word of a service whose certificate one of these (PEM) vouches for.

    Raises ``NoteInvalid`` for a timestamp that does not hold.
    """
    client = _client()
    from cryptography import x509

    try:
        builder = client.VerifierBuilder()
        for certificate in x509.load_pem_x509_certificates(authorities):
            # What is its own issuer is trusted; what is not only leads there.
            own = certificate.issuer == certificate.subject
            builder = (builder.add_root_certificate if own else builder.add_intermediate_certificate)(certificate)
        verifier = builder.build()
    except ValueError as error:
        raise NoteInvalid(f"the certificates of the timestamp service cannot be used: {error}") from None
    try:
        response = client.decode_timestamp_response(answer)
        verifier.verify(response, sha256(note).digest())
        return Stamped(response.tst_info.gen_time, _signer(response.signed_data))
    except (ValueError, TypeError, client.VerificationError) as error:
        raise NoteInvalid(f"the timestamp does not hold: {error}") from None


def _signer(signed: Any) -> str:
    from cryptography import x509

    (info,) = signed.signer_infos
    for encoded in signed.certificates:
        certificate = x509.load_der_x509_certificate(encoded)
        if (certificate.issuer, certificate.serial_number) == (info.issuer, info.serial_number):
            return certificate.subject.rfc4514_string()
    return str(info.issuer.rfc4514_string())


def _posted(sent: bytes, url: str) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with urlopen(Request(url, sent, headers), timeout=_PATIENCE) as answer:
            return _bounded(answer.read(LONGEST + 1))
    except (URLError, OSError, ValueError, HTTPException) as error:
        raise AnchorFailed(f"the timestamp service {url} cannot be reached: {error}") from None


def _run(sent: bytes, command: str) -> bytes:
    try:
        done = subprocess.run(
            shlex.split(command), input=sent, stdout=subprocess.PIPE, timeout=_PATIENCE, check=True, env=child_environment()
        )
    except subprocess.CalledProcessError as error:
        raise AnchorFailed(f"the timestamp command ended with {error.returncode}: {command}") from None
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise AnchorFailed(f"the timestamp command gave no answer: {type(error).__name__}: {command}") from None
    return _bounded(done.stdout)


def _bounded(answer: bytes) -> bytes:
    if len(answer) > LONGEST:
        raise AnchorFailed(f"the answer of the timestamp service is larger than {LONGEST} bytes")
    return answer


def _client() -> Any:
    try:
        import rfc3161_client
    except ImportError:
        raise ExtraMissing('timestamps need the package rfc3161-client; run pip install "procdef[timestamp]"') from None
    return rfc3161_client
