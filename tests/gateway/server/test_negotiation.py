"""Reading of Accept and Content-Type; the table of outcomes is in ``test_graphql_http``."""

import time

import pytest

from gateway.server.negotiation import (
    GRAPHQL_RESPONSE,
    JSON,
    check_content_type,
    choose_media_type,
)
from gateway.server.refusal import Refused


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ('text/plain;a="x,application/xml", application/json', JSON),
        ('text/plain;a="\\",", application/json', JSON),
        ("application/json;q=0.001", JSON),
        ("application/json;q=1.000, application/graphql-response+json;q=0.999", JSON),
        ("application/*;q=0.5, application/json;q=0.4", GRAPHQL_RESPONSE),
        ("*/*, application/*;q=0, application/json", JSON),
        (", ,application/json,", JSON),
        ("application/json;Q=0.5;ext=1", JSON),
        ("\tapplication/json ; q=1", JSON),
    ],
)
def test_the_more_specific_and_the_better_liked_range_counts(accept, chosen):
    """Quoted commas separate nothing, and quality values are read with all their digits."""
    assert choose_media_type(accept) is chosen


HOSTILE = [
    '"' + '\\"' * 8_000,
    '"\\' * 8_000,
    'a/b;q="' + '\\"' * 8_000,
    "a/b" + ";a=b" * 4_000,
    "a/b;" + " " * 16_000 + "x",
    "a/b" + " " * 16_000 + "x",
    'a/b;a="' + "," * 16_000,
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_the_worst_headers_are_read_in_linear_time(value):
    """No header that fits into a head costs more than a moment: the best of three, since the
    work of a regular expression is seen by a clock only."""

    def read_once() -> float:
        begin = time.process_time()
        for read in (choose_media_type, check_content_type):
            with pytest.raises(Refused):
                read(value)
        return time.process_time() - begin

    assert min(read_once() for _ in range(3)) < 0.5
