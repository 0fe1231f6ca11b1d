"""Any bytes at all: the edge answers in proper HTTP or closes, and is never at a loss."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.testkit.raw_http import ask, post

pytestmark = [pytest.mark.anyio, pytest.mark.property]

ALLOWED = {200, 294, 400, 403, 404, 405, 406, 408, 413, 414, 415, 417, 422, 431, 501, 503, 505}
"""Every status but 500: no bytes of a client may be a fault of ours."""

PIECES = [
    *(b"GET ", b"POST ", b"HEAD ", b"OPTIONS ", b"CONNECT ", b"/graphql", b"/health/live", b"/"),
    *(b"*", b"http://a/graphql", b"?query={a}", b"?", b"%", b"%41", b"%ff", b"#"),
    *(b" HTTP/1.1\r\n", b" HTTP/1.0\r\n", b" HTTP/2.0\r\n", b"Host: a\r\n", b"Host: \r\n"),
    *(b"Content-Length: 17\r\n", b"Content-Length: 0\r\n", b"Content-Length: -1\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n", b"Connection: close\r\n"),
    *(b"Content-Type: application/json\r\n", b"Content-Type: ;;\r\n", b"Accept: a/b\r\n"),
    *(b"Accept: application/json;q=x\r\n", b'Accept: ",";=\r\n', b"Expect: 100-continue\r\n"),
    *(b"\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b"11\r\n", b"0\r\n\r\n", b"fffff;a=b\r\n"),
    *(b'{"query":"{ a }"}', b'{"query":', b"[[[[", b'"\\ud800"', b"\xef\xbb\xbf", b"\xff\xfe"),
]
STARTS = [
    b"",
    b"GET /graphql HTTP/1.1\r\nHost: a\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n",
    b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
]

requests = st.tuples(
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(PIECES) | st.binary(max_size=12), max_size=24),
).map(lambda parts: parts[0] + b"".join(parts[1]))

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["query", "variables", "extensions", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300)
@given(data=requests)
async def test_any_bytes_get_proper_answers(edge, data):
    """Whatever comes, all that goes back is whole answers with an expected status."""
    for answer in await ask(edge.address, data, end=True):
        assert answer.status in ALLOWED


@settings(max_examples=200)
@given(value=json_values, cut=st.integers(min_value=0, max_value=40))
async def test_any_json_gets_a_proper_answer(edge, value, cut):
    """Every body, cut anywhere, is a request or is refused as one."""
    body = repr(value).encode("utf-8", "surrogatepass") if cut == 1 else to_json(value)
    body = body[: len(body) - cut] if cut > 1 else body
    (answer,) = await ask(edge.address, post(body))
    assert answer.status in (200, 400, 422)


def to_json(value):
    """Write JSON, with NaN and all, as careless clients do."""
    return json.dumps(value).encode()
