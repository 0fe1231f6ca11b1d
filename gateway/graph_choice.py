"""Which graph to serve, as the command line names it, and why it cannot be served.

In: the path of a supergraph, of a supergraph.yaml or of a simpul.yaml. Out: a configuration, read
afresh at each call. It is a value that can be sent to another process.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from gateway.config.load import ConfigError, load_config
from gateway.config.model import Config, SupergraphSettings

__all__ = ["GraphChoice", "StartError"]


class StartError(Exception):
    """The graph cannot be served; the text says why and what to do."""


class GraphChoice(msgspec.Struct, frozen=True):
    """One of the three."""

    supergraph: str | None = None  # composed; its subgraphs are asked at the addresses it names
    subgraphs: str | None = None  # a supergraph.yaml; upstream error texts are shown
    config: str | None = None  # a simpul.yaml with every setting

    def read(self) -> Config:
        """Read the configuration; raises ``StartError``."""
        try:
            return self._read()
        except ConfigError as error:
            raise StartError(str(error)) from None

    def _read(self) -> Config:
        if self.supergraph is not None:
            return Config(supergraph=SupergraphSettings(file=Path(self.supergraph)))
        if self.subgraphs is not None:
            read = load_config(Path(self.subgraphs), os.environ)
            shown = read.errors.model_copy(update={"upstream": "show"})
            return read.model_copy(update={"errors": shown})
        if self.config is not None:
            return load_config(Path(self.config), os.environ)
        raise StartError('give one of "--supergraph", "--subgraphs" and "--config"')
