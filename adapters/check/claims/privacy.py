"""Claims about people: nothing of a record shows up in a log, an error or a setting's error.

In: samples asked well, badly and of failing sources, with every log record in view. Out: findings
that name the logger or the code and the kind of value, never the value.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from adapters.check.model import Check, NotApplicable
from adapters.check.recording import Recording
from adapters.check.subject import Subject
from adapters.check.tampering import Tamper, change_texts, is_date
from adapters.check.wire import Wire
from adapters.contract import SubgraphResponse
from adapters.kit.adapter import AdapterSettingsError

__all__ = ["PRIVACY_CHECKS"]

_NUMBER = re.compile(r"(?<!\d)\d{16}(?!\d)")
_MARK = "nilai-yang-tidak-boleh-tampak"


async def _messages(subject: Subject) -> Sequence[str]:
    found = []
    async for title, told in _trials(subject):
        for error in told.errors:
            text = f"{error.message} {dict(error.extensions)}"
            found += [
                f'"{title}": the message of {error.code} holds {kind}'
                for kind in _kinds(text, subject.recording)
            ]
    return [*dict.fromkeys(found)]


async def _logs(subject: Subject) -> Sequence[str]:
    with _listening() as records:
        async for _ in _trials(subject):
            pass
    return [
        *dict.fromkeys(
            f'a record of the logger "{name}" holds {kind}'
            for name, text in records
            for kind in _kinds(text, subject.recording)
        )
    ]


async def _settings_closed(subject: Subject) -> Sequence[str]:
    settings = {**subject.recording.settings, "kunci_yang_tidak_dikenal": _MARK}
    try:
        subject.adapter.check_settings(settings)
    except AdapterSettingsError as error:
        if _MARK in str(error):
            return ["the error about a wrong setting repeats its value"]
        return ()
    return ["a setting that does not exist is accepted: derive from AdapterSettings"]


async def _secrets_hidden(subject: Subject) -> Sequence[str]:
    secrets = {
        name: value
        for name, value in subject.recording.settings.items()
        if isinstance(value, str) and re.search("secret|password|passphrase|token|sandi", name)
    }
    if not secrets:
        raise NotApplicable("no setting of the recording is a secret")
    shown = repr(subject.adapter.check_settings(subject.recording.settings))
    return [
        f'the setting "{name}" is printed as it is: declare it SecretStr'
        for name, value in secrets.items()
        if value in shown
    ]


async def _trials(subject: Subject) -> AsyncIterator[tuple[str, SubgraphResponse]]:
    """Ask every sample of a good, a failing, a crashing and a dirty source."""
    personal = _personal_text(subject.recording)

    async def crash(number: int) -> None:
        raise KeyError(personal)

    dirty = Tamper(change_texts(is_date, lambda text: "32-13-2025"))
    for wire in (Wire(), Wire(before=crash), Wire(after=dirty), Wire(after=_unreadable)):
        async with subject.open(wire) as opened:
            for sample in subject.recording.samples:
                yield sample.title, await opened.ask(sample)


def _unreadable(value: Any) -> Any:
    return {"RESPON": "tidak dikenal"} if isinstance(value, dict) else value


def _personal_text(recording: Recording) -> str:
    numbers = [m for s in recording.samples for m in _NUMBER.findall(repr(s))]
    return " ".join((*numbers[:1], *recording.personal[:1])) or "3171999999990001"


def _kinds(text: str, recording: Recording) -> list[str]:
    kinds = ["a number of 16 digits"] if _NUMBER.search(text) else []
    if any(each.casefold() in text.casefold() for each in recording.personal):
        kinds.append("a name or address of the recording")
    return kinds


class _Listener(logging.Handler):
    """Keeps what is logged, as it would be written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.records: list[tuple[str, str]] = []
        self._format = logging.Formatter().format

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        text = f"{self._format(record)} {getattr(record, 'simpul', '')}"
        self.records.append((record.name, text))


@contextmanager
def _listening() -> Iterator[list[tuple[str, str]]]:
    """Listen to every logger at every level."""
    root, listener = logging.getLogger(), _Listener()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(listener)
    try:
        yield listener.records
    finally:
        root.removeHandler(listener)
        root.setLevel(level)


PRIVACY_CHECKS: tuple[Check, ...] = (
    Check(
        "MESSAGES_IMPERSONAL",
        "No error's text holds a NIK, or a name or address of the recording.",
        "Error texts go to clients, tickets and screenshots.",
        _messages,
    ),
    Check(
        "LOGS_IMPERSONAL",
        "No log record holds a NIK, or a name or address of the recording.",
        "Logs are read by people who have no purpose to read records.",
        _logs,
    ),
    Check(
        "SETTINGS_CLOSED",
        "A setting that does not exist is refused, without repeating its value.",
        "A mistyped cap is no cap; and the value may be a password.",
        _settings_closed,
    ),
    Check(
        "SECRETS_HIDDEN",
        "Secrets of the settings are not printed.",
        "Settings are printed in errors and debuggers.",
        _secrets_hidden,
    ),
)
