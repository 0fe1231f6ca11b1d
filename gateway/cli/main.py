"""The command ``simpul``: the list of verbs, each loaded only when it is called.

In: the process's arguments. Out: an exit status: 0 done, 1 the thing asked about is wrong,
2 the command line is wrong.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version

from cyclopts import App, CycloptsError

from gateway.cli.output import Failure

__all__ = ["app", "main"]

app = App(
    name="simpul",
    help="Simpul joins legacy government systems into one GraphQL graph.",
    version=lambda: version("simpul"),
    help_format="plaintext",
    help_formatter="plain",
)

_config = App(name="config", help="Check a configuration, or print its JSON Schema.")
_config.command("gateway.cli.config:check", name="check", help="Check a configuration file.")
_config.command("gateway.cli.config:schema", name="schema", help="Print the JSON Schema.")

_adapter = App(name="adapter", help="The local adapters that are installed.")
_adapter.command("gateway.cli.adapter:list_adapters", name="list", help="Print their names.")
_adapter.command("gateway.cli.adapter_check:check_adapter", name="check", help="Check one.")
_adapter.command("gateway.cli.adapter_status:show_status", name="status", help="Show sources.")
_adapter.command("gateway.cli.adapter:serve_adapter", name="serve", help="Serve one alone.")
_adapter.command("gateway.cli.adapter_new:new_adapter", name="new", help="Draft one in YAML.")
_adapter.command("gateway.cli.adapter_new:print_schema", name="schema", help="Its JSON Schema.")

_audit = App(name="audit", help="What was recorded as evidence.")
_audit.command("gateway.cli.audit:verify", name="verify", help="Verify every chain.")

# Name, import path, and one line of help: nothing is imported to list the verbs.
for _name, _path, _help in (
    ("demo", "demo:demo", "Start the legacy fleet and the gateway over it."),
    ("serve", "serve:serve", "Serve one graph."),
    ("compose", "compose:compose_command", "Compose subgraphs into a supergraph."),
    ("check", "check:check_command", "List what changes for clients between two schemas."),
    ("normalize", "stages:normalize_command", "Print an operation as the planner sees it."),
    ("api-schema", "stages:api_schema_command", "Print the schema that clients see."),
    ("graph", "stages:graph_command", "Print the query graph."),
    ("paths", "stages:paths_command", "Print the ways through the query graph."),
    ("fetch-graph", "stages:fetch_graph_command", "Print the fetch groups of an operation."),
    ("plan", "stages:plan_command", "Print the query plan of an operation."),
    ("project", "stages:project_command", "Print how an answer is projected."),
):
    app.command(f"gateway.cli.{_path}", name=_name, help=_help)
app.command(_config)
app.command(_adapter)
app.command(_audit)


def main() -> None:
    """Run the verb that the arguments name, and exit."""
    try:
        app(sys.argv[1:], exit_on_error=False, result_action="return_value")
    except CycloptsError:
        sys.exit(2)  # cyclopts has told what is wrong
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:  # the reader has seen enough, as with "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
