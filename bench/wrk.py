"""Load from ``wrk``, which costs the machine less than a load written in Python.

In: an address, the bodies to send in turn, connections, seconds. Out: ``Loaded``: how many were
answered, and how long the half and the slowest hundredth waited. Every request carries a header of
its own, so that a gateway that forwards it cannot merge requests in flight.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

__all__ = ["UNIQUE_HEADER", "Loaded", "read_result", "run_wrk"]

UNIQUE_HEADER = "x-req"
_SCRIPT = """
local bodies = {}
for line in io.lines("%s") do bodies[#bodies + 1] = line end
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["accept"] = "application/json"
local n = 0
function request()
  n = n + 1
  wrk.headers["%s"] = tostring(n)
  return wrk.format(nil, nil, nil, bodies[n %% #bodies + 1])
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.timeout))
end
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one load gave."""

    answered: int
    seconds: float
    p50: float  # milliseconds
    p99: float  # milliseconds


def run_wrk(url: str, bodies: Sequence[bytes], connections: int, seconds: int) -> Loaded:
    """Send ``bodies``, each without a line break, in turn; ends the program without wrk."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with TemporaryDirectory() as folder:
        sent, script = Path(folder, "bodies"), Path(folder, "load.lua")
        sent.write_bytes(b"\n".join(bodies) + b"\n")
        script.write_text(_SCRIPT % (sent, UNIQUE_HEADER))
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
        run = subprocess.run(
            [*command, "-s", str(script), url], capture_output=True, text=True, check=True
        )
    return read_result(run.stdout)


def read_result(printed: str) -> Loaded:
    """Read what the script prints; raises ``ValueError`` if there were errors, or no result."""
    found = re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+)", printed)
    if found is None:
        raise ValueError(f"wrk gave no result: {printed}")
    answered, micros, p50, p99, errors = map(int, found.groups())
    if errors or not answered:
        raise ValueError(f"{errors} requests failed, {answered} were answered")
    return Loaded(answered, micros / 1e6, p50 / 1e3, p99 / 1e3)
