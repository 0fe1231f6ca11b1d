"""The report on one adapter, for people and as JSON.

In: results. Out: text, or a value for JSON. Neither holds a value of a record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from adapters.check.model import Result, Verdict

__all__ = ["render_report", "report_as_json"]

_MARKS = {Verdict.PASS: "ok  ", Verdict.FAIL: "FAIL", Verdict.NOT_APPLICABLE: "--  "}
_MOST_FINDINGS = 10


def render_report(adapter: str, results: Sequence[Result]) -> str:
    """Render one line per check, its findings below, and a sum at the end."""
    lines = []
    for result in results:
        reason = f" ({result.reason})" if result.reason else ""
        lines.append(f"{_MARKS[result.verdict]}  {result.check.code}: {result.check.title}{reason}")
        lines += [f"        - {finding}" for finding in result.findings[:_MOST_FINDINGS]]
        if len(result.findings) > _MOST_FINDINGS:
            lines.append(f"        - and {len(result.findings) - _MOST_FINDINGS} more")
        if result.findings:
            lines.append(f"        why it matters: {result.check.why}")
    count = Counter(result.verdict for result in results)
    total = ", ".join(f"{count[verdict]} {verdict}" for verdict in Verdict)
    return "\n".join([*lines, f'adapter "{adapter}": {total}'])


def report_as_json(adapter: str, results: Sequence[Result]) -> dict[str, Any]:
    """Give the report as JSON."""
    return {
        "adapter": adapter,
        "passed": all(result.verdict is not Verdict.FAIL for result in results),
        "checks": [
            {
                "code": result.check.code,
                "title": result.check.title,
                "verdict": str(result.verdict),
                "findings": [*result.findings],
                "reason": result.reason or None,
            }
            for result in results
        ],
    }
