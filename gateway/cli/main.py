"""The command ``simpul``: the list of verbs, each loaded only when it is called.

In: the process's arguments. Out: an exit status: 0 done, 1 the thing asked about is wrong,
2 the command line is wrong.
"""

from __future__ import annotations

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
_config.command("gateway.cli.config:check", name="check")
_config.command("gateway.cli.config:schema", name="schema")

_adapter = App(name="adapter", help="The local adapters that are installed.")
_adapter.command("gateway.cli.adapter:list_adapters", name="list")

app.command("gateway.cli.demo:demo", name="demo")
app.command("gateway.cli.serve:serve", name="serve")
app.command("gateway.cli.compose:compose_command", name="compose")
app.command(_config)
app.command(_adapter)
app.command("gateway.cli.stages:normalize_command", name="normalize")
app.command("gateway.cli.stages:graph_command", name="graph")
app.command("gateway.cli.stages:paths_command", name="paths")
app.command("gateway.cli.stages:fetch_graph_command", name="fetch-graph")
app.command("gateway.cli.stages:plan_command", name="plan")
app.command("gateway.cli.stages:project_command", name="project")


def main() -> None:
    """Run the verb that the arguments name, and exit."""
    try:
        app(sys.argv[1:], exit_on_error=False, result_action="return_value")
    except CycloptsError:
        sys.exit(2)  # cyclopts has told what is wrong
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
