"""What a snapshot takes from its configuration."""

from __future__ import annotations

from dataclasses import asdict

from gateway.config.model import Config, LimitSettings, SubgraphSettings
from gateway.operation.limits import OperationLimits
from gateway.snapshot import operation_limits

GRAPH = {"w": SubgraphSettings(adapter="wilayah")}
NOT_A_SETTING = {"errors"}  # how many problems one answer lists


def test_every_limit_of_an_operation_is_a_setting() -> None:
    """What the configuration says is what is enforced, and the defaults agree."""
    assert operation_limits(Config(subgraphs=GRAPH)) == OperationLimits()
    names = asdict(OperationLimits()).keys() - NOT_A_SETTING
    config = Config(subgraphs=GRAPH, limits=LimitSettings(**dict.fromkeys(names, 7)))
    limits = asdict(operation_limits(config))
    assert {name: limits[name] for name in names} == dict.fromkeys(names, 7)
