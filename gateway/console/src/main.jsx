// The console: GraphiQL over our own endpoint, the example operations as tabs, and beside the
// answer what each source did for it.
import "@graphiql/react/setup-workers/vite";
import { GraphiQL } from "graphiql";
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";

import { createFetcher } from "./fetcher.js";
import { createMemoryStorage } from "./memory_storage.js";
import { Sources } from "./sources.jsx";
import "graphiql/style.css";
import "./console.css";

const WELCOME = `# Simpul: one graph over many agencies.
# The tabs above hold example operations; press Ctrl-Enter to run one.
# Beside the answer stands what each source did for it.
`;

function Console({ examples }) {
  const [report, setReport] = useState(null);
  const [storage] = useState(createMemoryStorage);
  const [fetcher] = useState(() => createFetcher("/graphql", setReport));
  return createElement(
    "div",
    { className: "console" },
    createElement(
      "div",
      { className: "console-editor" },
      createElement(GraphiQL, {
        fetcher,
        storage,
        defaultTabs: examples.length ? examples : undefined,
        initialQuery: examples[0]?.query, // the open tab shows these, not its own
        initialVariables: examples[0]?.variables,
        defaultEditorToolsVisibility: "variables",
        defaultQuery: WELCOME,
        shouldPersistHeaders: false,
      }),
    ),
    createElement(Sources, { report }),
  );
}

async function loadExamples() {
  const response = await fetch("/console/examples.json");
  if (!response.ok) return [];
  const examples = await response.json();
  return examples.map(({ query, variables }) => ({
    query,
    variables: JSON.stringify(variables, null, 2),
    headers: null,
  }));
}

loadExamples().then((examples) => {
  createRoot(document.getElementById("console")).render(createElement(Console, { examples }));
});
