"""The authority's service: HTTP Basic, a signer's state, a signature over a PDF.

In: NIKs, a document with the signer's passphrase. Out: states and signed documents; raises
``SourceError``, or ``SigningRefused`` for what the signer must correct. NIKs travel in paths and
forms: no error, log or flight's key holds one, nor the passphrase.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from pydantic import Field, SecretStr

from adapters.bsre.multipart import build_form
from adapters.contract import CallContext
from adapters.errors import BadRecord, SourceError
from adapters.http_client import HttpClient, HttpError, HttpResponse, source_error, status_error
from adapters.kit.adapter import AdapterSettings, GuardOptions, Opening
from adapters.kit.context import Context
from adapters.resilience.guard import SourceGuard
from adapters.sources.http import HttpSource
from adapters.sources.http_auth import StaticAuth, basic

__all__ = ["SOURCE", "Bsre", "BsreSettings", "SigningRefused", "open_bsre"]

SOURCE: Final = "bsre"

_PARALLEL = 10
_SIGNING_SECONDS = 30.0

# The authority's own numbers, of answers with status 400 or 404.
_REFUSALS: Final = {
    2011: "the signer has no valid certificate",
    2021: "the signer's certificate has expired or was revoked",
    2031: "the passphrase is wrong",
    2041: "the document is no PDF that can be signed",
}
_STATES: Final = {
    "ISSUE": "AKTIF",
    "EXPIRED": "KEDALUWARSA",
    "REVOKE": "DICABUT",
    "NOT_REGISTERED": "TIDAK_TERDAFTAR",
}


class SigningRefused(SourceError):
    """The authority refuses to sign; the text says why, and holds nothing that was sent."""


class BsreSettings(AdapterSettings):
    """Where the authority's service is, and who we are to it."""

    url: str
    username: str
    password: SecretStr
    guard: GuardOptions = Field(default_factory=GuardOptions)


class Bsre:
    """The service, opened."""

    def __init__(
        self, url: str, auth: StaticAuth, client: HttpClient, guard: SourceGuard, *, owns: bool
    ) -> None:
        self._url = url.rstrip("/")
        self._auth = auth
        self._client = client
        self._guard = guard
        self._owns_client = owns
        self._source = HttpSource(SOURCE, url, client, guard, auth=auth)

    async def state(self, nik: str, context: Context) -> str:
        """Tell how a signer's certificate stands. Raises ``SourceError``."""
        guarded = await self._source.get_json(
            f"/api/user/status/{nik}", context.call, absent_is_null=True
        )
        answer = context.take(SOURCE, guarded)
        if answer is None:
            return "TIDAK_TERDAFTAR"
        if not isinstance(answer, dict) or str(answer.get("nik")) != nik:
            raise BadRecord(f'source "{SOURCE}" told of nobody, or of somebody else')
        state = _STATES.get(str(answer.get("status")))
        if state is None:
            raise BadRecord(f'source "{SOURCE}" told a state that is not known')
        return state

    async def sign(
        self, document: bytes, nik: str, passphrase: str, reason: str, context: Context
    ) -> bytes:
        """Give the signed PDF. Asked once: it is neither shared nor tried again.

        Raises ``SigningRefused`` for what the signer must correct, ``SourceError`` for an outage,
        after which it is not known whether the authority signed.
        """
        fields = {"nik": nik, "passphrase": passphrase, "tampilan": "invisible", "reason": reason}
        body, media_type = build_form(fields, "file", document)
        headers = (*self._auth.fixed, ("content-type", media_type))

        async def attempt(seconds: float | None) -> bytes:
            try:
                response = await self._client.request(
                    "POST",
                    f"{self._url}/api/sign/pdf",
                    headers=headers,
                    body=body,
                    timeout_seconds=_SIGNING_SECONDS if seconds is None else seconds,
                    idempotent=False,
                )
            except HttpError as error:
                raise source_error(error) from error
            return _read_signed(response)

        guarded = await self._guard.run(attempt, context.call, read=False)
        if isinstance(guarded.error, SigningRefused):
            context.record(SOURCE, calls=guarded.calls, span=guarded.span)  # it answered
            raise guarded.error
        return context.take(SOURCE, guarded)

    async def aclose(self) -> None:
        """End the flights and close what is ours; idempotent."""
        await self._source.aclose()
        await self._guard.aclose()
        if self._owns_client:
            await self._client.aclose()


async def open_bsre(settings: BsreSettings, opening: Opening) -> Bsre:
    """Open the authority's service."""
    guard = opening.new_guard(SOURCE, settings.guard, parallel=_PARALLEL)
    auth = basic(settings.username, settings.password.get_secret_value())
    client = opening.client or HttpClient()
    return Bsre(settings.url, auth, client, guard, owns=opening.client is None)


def is_named(call: CallContext) -> bool:
    """Tell whether the caller belongs to an agency: the public signs nothing."""
    return call.agency != ""


def _read_signed(response: HttpResponse) -> bytes:
    """Give the PDF of an answer; raises ``SourceError``."""
    if response.status in (400, 404):
        refusal = _REFUSALS.get(_number_of(response.body))
        if refusal is not None:
            raise SigningRefused(refusal)
    failure = status_error(response, f'source "{SOURCE}"')
    if failure is not None:
        raise failure
    if not response.body.startswith(b"%PDF-"):
        raise BadRecord(f'source "{SOURCE}" answered with what is no PDF')
    return response.body


def _number_of(body: bytes) -> Any:
    try:
        told = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return None
    return told.get("status_code") if isinstance(told, dict) else None
