"""A pytest plugin: nothing personal may be logged by any test of the whole run.

In: every record of every logger at debug level, and what the gateways and fleets that tests start
write to their error output. Out: at the end of the run each is searched for a synthetic person; a
find fails the run and tells the place (sink, test, logger), never the value.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.testkit.personal_text import PersonalText
from tests.testkit.sinks import FOLDER, Sink, current_test, open_sink, read_sinks

__all__ = ["find_leaks"]

_RECORDS = "log records"
_NOT_OURS = ("hypothesis", "tests")  # loggers that no product process has


class _Recorder(logging.Handler):
    """Writes every record to the worker's sink, in full."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self._sink = open_sink(_RECORDS)
        self._format = logging.Formatter().format  # the message, and a traceback with its text

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        if record.name.partition(".")[0] in _NOT_OURS:
            return
        text = f"{self._format(record)} {getattr(record, 'simpul', '')}"
        line = {"test": current_test(), "logger": record.name, "text": text}
        self._sink.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the sink."""
        super().close()
        self._sink.close()


class _Watch:
    """The plugin's state for one process of the run."""

    def __init__(self) -> None:
        self.recorder = _Recorder()
        self.leaks: list[str] = []
        self.searched = ""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Listen to everything; a test may have set up logging as the product does."""
        root = logging.getLogger()
        root.setLevel(logging.DEBUG)
        if self.recorder not in root.handlers:
            root.addHandler(self.recorder)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close this process's sink; the first process then searches all of them."""
        logging.getLogger().removeHandler(self.recorder)
        self.recorder.close()
        if hasattr(session.config, "workerinput"):
            return
        folder = Path(os.environ.pop(FOLDER))
        sinks = read_sinks(folder)
        lines = sum(len(sink.lines) for sink in sinks)
        self.searched = f"{lines} lines of {len(sinks)} log sinks were searched for people"
        self.leaks = find_leaks(sinks)
        if self.leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            self.leaks.append(f"The sinks are kept in {folder}.")
        else:
            shutil.rmtree(folder)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was searched and found."""
        if self.leaks:
            terminalreporter.section("personal values in logs", red=True, bold=True)
            for leak in self.leaks:
                terminalreporter.line(leak)
        if self.searched:
            terminalreporter.line(self.searched)


def pytest_configure(config: pytest.Config) -> None:
    """Begin to watch; workers write into the folder of the process that started them."""
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="simpul-sinks-")
    config.pluginmanager.register(_Watch(), "leak-watch")


def find_leaks(sinks: list[Sink]) -> list[str]:
    """Search every sink; gives one line per place and kind."""
    search = PersonalText()
    return [*dict.fromkeys(leak for sink in sinks for leak in _leaks_of(sink, search))]


def _leaks_of(sink: Sink, search: PersonalText) -> Iterator[str]:
    for number, line in enumerate(sink.lines, start=2):
        text, place = line, f"line {number} of the {sink.name} started in {sink.test}"
        if sink.name == _RECORDS:
            record = json.loads(line)
            text = record["text"]  # not the test's name, which may hold its parameters
            place = f'a record of the logger "{record["logger"]}" in {record["test"]}'
        for kind in sorted(search.kinds_in(text)):
            yield f"{kind} in {place}"
