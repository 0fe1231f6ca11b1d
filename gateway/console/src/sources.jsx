// What each source did for the last answer: status, calls, time, age, and what is missing.
import { createElement as h } from "react";

export function Sources({ report }) {
  return h(
    "aside",
    { className: "sources", "aria-label": "Sources of the last answer" },
    h("h2", null, "Sources"),
    report === null ? h("p", null, "Run an operation to see what each source did.") : body(report),
  );
}

function body({ status, milliseconds, completeness, sourceCalls }) {
  const calls = new Map(sourceCalls.map((each) => [each.source, each]));
  const sources = completeness?.sources ?? [];
  return h(
    "div",
    null,
    h("p", null, `HTTP ${status} in ${milliseconds.toFixed(0)} ms. `, verdict(completeness)),
    sources.length === 0 ? null : table(sources, calls),
  );
}

function verdict(completeness) {
  if (completeness === null) return null;
  return completeness.complete
    ? h("strong", { className: "complete" }, "Complete.")
    : h("strong", { className: "incomplete" }, "Not complete.");
}

function table(sources, calls) {
  const titles = ["Source", "Status", "Calls", "Time"];
  return h(
    "table",
    null,
    h("thead", null, h("tr", null, titles.map((title) => h("th", { key: title, scope: "col" }, title)))),
    h("tbody", null, sources.map((source) => row(source, calls.get(source.source)))),
  );
}

function row(source, use) {
  const detail = [
    source.code,
    source.ageSeconds ? `${source.ageSeconds} s old` : null,
    source.defects ? `${source.defects} defects` : null,
    source.paths?.length ? `at ${source.paths.map((path) => path.join(".")).join(", ")}` : null,
  ].filter(Boolean);
  return h(
    "tr",
    { key: source.source, className: source.status.toLowerCase() },
    h("td", null, source.source, detail.length ? h("small", null, detail.join("; ")) : null),
    h("td", null, source.status),
    h("td", null, use ? use.calls : 0),
    h("td", null, use ? `${use.milliseconds.toFixed(0)} ms` : ""),
  );
}
