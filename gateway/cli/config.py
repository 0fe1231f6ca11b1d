"""``simpul config``: check a configuration file, or print the JSON Schema for editors."""

from __future__ import annotations

import os
from pathlib import Path

from gateway.cli.output import Failure, Format, print_json
from gateway.config.document import config_json_schema
from gateway.config.load import ConfigError, load_config
from gateway.config.model import Config

__all__ = ["check", "read_config", "schema"]


def check(file: Path, *, format: Format = "text") -> None:
    """Check a configuration file; every mistake is told with file, line and column.

    Parameters
    ----------
    file
        The configuration, for instance simpul.yaml.
    format
        text, or json: {"errors": [...]}.
    """
    try:
        load_config(file, os.environ)
    except ConfigError as error:
        if format == "json":
            print_json({"errors": error.lines})
        raise Failure(str(error)) from None
    if format == "json":
        print_json({"errors": []})
    else:
        print(f"{file}: correct")


def schema() -> None:
    """Print the JSON Schema of configuration files, for editors."""
    print_json(config_json_schema())


def read_config(file: Path) -> Config:
    """Load a configuration for a verb that reads schemas only."""
    try:
        return load_config(file, os.environ, may_lack=True)
    except ConfigError as error:
        raise Failure(str(error)) from None
