"""GraphQL over HTTP, over a real socket: methods, media types, statuses, bodies."""

import json

import pytest

from tests.testkit.raw_http import RawClient, ask, get, post

pytestmark = pytest.mark.anyio

GRAPHQL = "application/graphql-response+json; charset=utf-8"
JSON = "application/json; charset=utf-8"
GOOD = {"query": "{ a }"}
QUERY = "/graphql?query=%7B%20a%20%7D"


async def ask_one(edge, data, **options):
    """Ask, and expect exactly one answer."""
    answers = await ask(edge.address, data, **options)
    assert len(answers) == 1
    return answers[0]


@pytest.mark.parametrize(
    ("accept", "query", "status", "media_type"),
    [
        (None, "{ a }", 200, GRAPHQL),
        ("", "{ a }", 200, GRAPHQL),
        ("*/*", "{ a }", 200, GRAPHQL),
        ("application/*", "{ a }", 200, GRAPHQL),
        ("application/graphql-response+json", "{ a }", 200, GRAPHQL),
        ("application/graphql-response+json; charset=utf-8", "{ a }", 200, GRAPHQL),
        ("APPLICATION/GraphQL-Response+JSON", "{ a }", 200, GRAPHQL),
        ("application/json", "{ a }", 200, JSON),
        ("application/json; charset=UTF-8", "{ a }", 200, JSON),
        ("application/graphql-response+json, application/json;q=0.9", "{ a }", 200, GRAPHQL),
        ("application/json, application/graphql-response+json;q=0.9", "{ a }", 200, JSON),
        ("application/json, application/graphql-response+json", "{ a }", 200, GRAPHQL),
        ("application/json;q=0.5, */*;q=0.1", "{ a }", 200, JSON),
        ("text/html, application/json", "{ a }", 200, JSON),
        ("text/html, */*;q=0.8", "{ a }", 200, GRAPHQL),
        ("application/graphql-response+json;q=0, */*", "{ a }", 200, JSON),
        ("nonsense, application/json", "{ a }", 200, JSON),
        ("text/html", "{ a }", 406, GRAPHQL),
        ("application/xml;q=0.9", "{ a }", 406, GRAPHQL),
        ("application/json;q=0", "{ a }", 406, GRAPHQL),
        ("*/*;q=0", "{ a }", 406, GRAPHQL),
        ("application/json; charset=iso-8859-1", "{ a }", 406, GRAPHQL),
        ("application/json;q=2", "{ a }", 406, GRAPHQL),
        ("application/graphql-response+json", "{ partial }", 294, GRAPHQL),
        ("application/json", "{ partial }", 294, JSON),
        (None, "{ nothing }", 294, GRAPHQL),
        (None, "{ unknown }", 422, GRAPHQL),
        ("application/json", "{ unknown }", 422, GRAPHQL),
        (None, "{", 400, GRAPHQL),
        ("application/json", "{", 400, GRAPHQL),
        ("application/json", "{ boom }", 500, GRAPHQL),
        (None, "{ unencodable }", 500, GRAPHQL),
    ],
)
async def test_status_and_media_type_follow_accept_and_outcome(
    edge, accept, query, status, media_type
):
    """Accept chooses the label of a 2xx; the outcome alone chooses the status."""
    answer = await ask_one(edge, post({"query": query}, accept=accept))
    assert (answer.status, answer.headers["content-type"]) == (status, media_type)
    assert set(answer.json) <= {"data", "errors", "extensions"}


async def test_not_acceptable_comes_before_execution(edge):
    """A client that takes none of our types never reaches the pipeline."""
    edge.asked.clear()
    answer = await ask_one(edge, post(GOOD, accept="text/html"))
    assert answer.code == "NOT_ACCEPTABLE"
    assert edge.asked == []


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Type: application/json", 200),
        ("Content-Type: application/json; charset=utf-8", 200),
        ('Content-Type: application/json; Charset="UTF-8"', 200),
        ("Content-Type: Application/JSON;charset=utf8", 200),
        ("Content-Type: application/json; profile=x", 200),
        ("Content-Type: application/json;", 200),
        ("Content-Type: application/json; charset=utf-16", 415),
        ("Content-Type: application/json; charset=iso-8859-1", 415),
        ("Content-Type: application/json; charset=utf-8; charset=utf-16", 415),
        ("Content-Type: application/json charset=utf-8", 415),
        ("Content-Type: application/json; charset", 415),
        ("Content-Type: ", 415),
        ("Content-Type: json", 415),
        ("Content-Type: text/plain", 415),
        ("Content-Type: application/graphql", 415),
        ("Content-Type: application/graphql+json", 415),
        ("Content-Type: application/graphql-response+json", 415),
        ("Content-Type: application/x-www-form-urlencoded", 415),
        ("Content-Type: multipart/form-data; boundary=x", 415),
        ("Content-Type: application/json, application/json", 415),
        ("X-None: 1\r\nContent-Type: application/json\r\nContent-Type: application/json", 400),
    ],
)
async def test_only_json_in_utf_8_is_taken(edge, header, status):
    """A body of another media type or charset is 415."""
    answer = await ask_one(edge, post(GOOD, *header.split("\r\n")))
    assert answer.status == status
    if status == 415:
        assert answer.headers["accept-post"] == "application/json"


async def test_a_post_without_content_type_is_415(edge):
    """No Content-Type at all is refused too."""
    data = post(GOOD).replace(b"Content-Type: application/json\r\n", b"")
    assert (await ask_one(edge, data)).status == 415


async def test_compressed_bodies_are_415(edge):
    """No body is unpacked."""
    assert (await ask_one(edge, post(GOOD, "Content-Encoding: gzip"))).status == 415
    assert (await ask_one(edge, post(GOOD, "Content-Encoding: identity"))).status == 200


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", "POSTS", "QUERY"]
)
async def test_other_methods_are_405_and_name_the_allowed(edge, method):
    """Every method but GET and POST is refused with Allow."""
    answer = await ask_one(edge, get(QUERY, method=method))
    assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.code == "METHOD_NOT_ALLOWED"


async def test_head_is_405_without_a_body(edge):
    """A HEAD gets headers alone, and the connection goes on."""
    async with RawClient(edge.address) as client:
        await client.send(get(QUERY, method="HEAD", close=False))
        answer = await client.read_answer(bodiless=True)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, POST")
        await client.send(get(QUERY))
        assert (await client.read_answer()).status == 200


async def test_a_mutation_over_get_is_405_and_allows_post(edge):
    """The pipeline finds the kind; the edge names the method that may."""
    answer = await ask_one(edge, get("/graphql?query=mutation%7Ba%7D"))
    assert (answer.status, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("query_string", "status"),
    [
        ("query=%7B%20a%20%7D", 200),
        ("query=%7B+a+%7D", 200),
        ("query={a}", 200),
        ("query=%7Ba%7D&operationName=", 200),
        ("query=%7Ba%7D&operationName=null", 200),
        ("query=%7Ba%7D&variables=", 200),
        ("query=%7Ba%7D&variables=null", 200),
        ("query=%7Ba%7D&variables=%7B%22a%22%3A1%7D", 200),
        ("query=%7Ba%7D&extensions=%7B%7D", 200),
        ("query=%7Ba%7D&other=1&other=2", 200),
        ("", 422),
        ("qeury=%7Ba%7D", 422),
        ("query=%7Ba%7D&query=%7Bb%7D", 422),
        ("query=%7Ba%7D&variables=1", 422),
        ("query=%7Ba%7D&variables=%5B%5D", 422),
        ("query=%7Ba%7D&variables=%22a%22", 422),
        ("query=%7Ba%7D&extensions=%5B%5D", 422),
        ("query=%7Ba%7D&variables=%7B", 400),
        ("query=%7Ba%7D&variables=NaN", 400),
        ("query=%7Ba%7D&variables=" + "%5B" * 200 + "%5D" * 200, 400),
        ("query=%FF", 400),
        ("query=%7Ba%7D&" + "&".join(f"a{n}=1" for n in range(200)), 400),
    ],
)
async def test_get_parameters(edge, query_string, status):
    """A GET carries its parameters in the query string; unreadable is 400, wrong is 422."""
    assert (await ask_one(edge, get(f"/graphql?{query_string}"))).status == status


async def test_get_parameters_reach_the_pipeline(edge):
    """All four parameters of a GET arrive as they were meant."""
    edge.asked.clear()
    await ask_one(
        edge,
        get(
            "/graphql?query=query%20A%7Ba%7D&operationName=A"
            "&variables=%7B%22x%22%3A%22%C3%A9+%2B%22%7D&extensions=%7B%22y%22%3Atrue%7D"
        ),
    )
    (request,) = edge.asked
    assert (request.query, request.operation_name, request.is_get) == ("query A{a}", "A", True)
    assert (request.variables, request.extensions) == ({"x": "é +"}, {"y": True})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ((), 200),
        (("Sec-Fetch-Site: same-origin",), 200),
        (("Sec-Fetch-Site: none",), 200),
        (("Sec-Fetch-Site: cross-site",), 403),
        (("Sec-Fetch-Site: same-site",), 403),
        (("Sec-Fetch-Site: Cross-Site",), 403),
        (("Sec-Fetch-Site: cross-site", "Apollo-Require-Preflight: 1"), 200),
    ],
)
async def test_a_get_from_another_site_needs_a_preflight(edge, headers, status):
    """The browser's own word decides; a header that no simple request carries overrules it."""
    assert (await ask_one(edge, get(QUERY, *headers))).status == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b" ", 400),
        (b"NONSENSE", 400),
        (b'{"query":', 400),
        (b'{"query":"{ a }"} trailing', 400),
        (b'{"query":"{ a }"}{}', 400),
        (b'\xef\xbb\xbf{"query":"{ a }"}', 400),
        (b'{"query":"{ a }","variables":{"a":NaN}}', 400),
        (b'{"query":"{ a }","variables":{"a":1e400}}', 400),
        (b'{"query":"{ a }","variables":{"a":' + b"9" * 5000 + b"}}", 400),
        (b'{"query":"{ a }","variables":{"a":"\xff"}}', 400),
        (b'{"query":"\xff"}', 400),
        (b'{"query":"\\ud800"}', 400),
        (b'{"query":"{ a }","variables":{"a":' + b"[" * 200 + b"]" * 200 + b"}}", 400),
        (b'{"query":"{ a }","variables":' + b'{"a":' * 200 + b"1" + b"}" * 200 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"a":' * 50_000, 400),
        (b"{'query':'{ a }'}", 400),
        (b'{"query":"{ a }",}', 400),
        (b'{"query":"{ a }","query":"{ b }"}', 400),
        (b'{"query":1,"query":"{ b }"}', 400),
        (b'{"query":1,', 400),
        (b'{"query":"{ a }","variables":7,"extensions":{"a":\xff}}', 400),
        (b'{"query":1,"variables":{"a":' + b"[" * 200 + b"]" * 200 + b"}}", 400),
        (b'{"query":"{ a }","variables":{},"variables":{"a":1}}', 400),
        ('{"query":"{ a }"}'.encode("utf-16"), 400),
        (b"[]", 422),
        (b'[{"query":"{ a }"}]', 422),
        (b'"{ a }"', 422),
        (b"null", 422),
        (b"1", 422),
        (b"{}", 422),
        (b'{"qeury":"{ a }"}', 422),
        (b'{"query":null}', 422),
        (b'{"query":1}', 422),
        (b'{"query":["{ a }"]}', 422),
        (b'{"query":{"a":1}}', 422),
        (b'{"query":"{ a }","variables":[]}', 422),
        (b'{"query":"{ a }","variables":"{}"}', 422),
        (b'{"query":"{ a }","variables":7}', 422),
        (b'{"query":"{ a }","operationName":7}', 422),
        (b'{"query":"{ a }","operationName":{}}', 422),
        (b'{"query":"{ a }","extensions":[]}', 422),
        (b'{"query":"{ a }","extensions":"x"}', 422),
        (b'{"query":"{ a }","variables":null,"operationName":null,"extensions":null}', 200),
        (b'{"query":"{ a }","id":7,"documentId":"x","operations":[]}', 200),
        (b'{"query":"{ a }","variables":{"query":"x","variables":[{"query":1}]}}', 200),
        (b'{"query":"{ a }","variables":{"a":' + b"[" * 50 + b"]" * 50 + b"}}", 200),
        (b'{"query":"{ a }","variables":{"a":123456789012345678901234567890}}', 200),
        (b' \r\n\t{"query":"{ a }"}\n', 200),
        (b'{"qu\\u0065ry":"{ a }"}', 200),
        ('{"query":"{ a } # \U0001f5ff\u0000"}'.encode().replace(b"\x00", b"\\u0000"), 200),
    ],
)
async def test_bodies(edge, body, status):
    """What is no JSON is 400, what is no request 422, and nothing is ever 500."""
    answer = await ask_one(edge, post(body))
    assert answer.status == status
    if status != 200:
        assert "data" not in answer.json
        assert answer.code == {400: "BAD_REQUEST", 422: "BAD_USER_INPUT"}[status]


async def test_batches_are_refused_by_name(edge):
    """A client that batches is told so."""
    answer = await ask_one(edge, post(b'[{"query":"{ a }"}]'))
    assert "batches" in answer.json["errors"][0]["message"]


async def test_numbers_keep_their_digits(edge):
    """An integer beyond 64 bits is not rounded."""
    body = b'{"query":"{ a }","variables":{"a":123456789012345678901234567890}}'
    answer = await ask_one(edge, post(body))
    assert b'"a":123456789012345678901234567890' in answer.body


async def test_an_error_of_ours_is_masked(edge, caplog):
    """The client gets an id, the log the same id and the place, and neither gets the text."""
    answer = await ask_one(edge, post({"query": "{ boom }"}))
    (error,) = answer.json["errors"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["errorId"] in caplog.text
    assert "ValueError at conftest.py:" in caplog.text
    assert "3171990101900001" not in answer.body.decode() + caplog.text


async def test_every_answer_says_how_it_may_be_used(edge):
    """No cache keeps an answer, no browser guesses its type, and no header names the software."""
    for data in (post(GOOD), post(b"{"), get("/nowhere"), get("/health/live"), b"X\r\n\r\n"):
        headers = (await ask_one(edge, data)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert "charset=utf-8" in headers["content-type"]
        assert "date" in headers
        assert "server" not in headers


async def test_answers_vary_by_accept(edge):
    """A cache between must not give one client's label to another."""
    assert (await ask_one(edge, post(GOOD))).headers["vary"] == "Accept"
    assert (await ask_one(edge, post(GOOD, accept="a/b"))).headers["vary"] == "Accept"


async def test_errors_come_before_data(edge):
    """Members stand in the order that the GraphQL specification recommends."""
    answer = await ask_one(edge, post({"query": "{ partial }"}))
    assert list(json.loads(answer.body)) == ["errors", "data"]


async def test_two_keys_of_one_caller_are_refused(edge):
    """Which of two Authorization headers counts must not depend on who reads them."""
    data = post(GOOD, "Authorization: Bearer a", "Authorization: Bearer b")
    assert (await ask_one(edge, data)).status == 400


async def test_headers_reach_the_pipeline_in_lower_case(edge):
    """The pipeline finds the caller's headers by their lower-case names."""
    edge.asked.clear()
    await ask_one(edge, post(GOOD, "Simpul-Purpose: PELAYANAN_PUBLIK", "X-A: 1", "x-a: 2"))
    headers = edge.asked[0].headers
    assert (headers["simpul-purpose"], headers["x-a"]) == ("PELAYANAN_PUBLIK", "1, 2")


async def test_beyond_the_cap_requests_are_shed(edge_factory):
    """With all places taken the answer is 503 with Retry-After, and readiness goes off."""
    async with edge_factory(requests_in_flight=1) as edge, RawClient(edge.address) as first:
        await first.send(post({"query": "{ hang }"}))
        await edge.hanging.wait()
        assert (await ask_one(edge, get("/health/ready"))).status == 200
        shed = await ask_one(edge, post(GOOD))
        assert (shed.status, shed.code, shed.headers["retry-after"]) == (503, "OVERLOADED", "1")
        assert (await ask_one(edge, get("/health/ready"))).status == 503
        edge.door.set()
        assert (await first.read_answer()).status == 200
        assert (await ask_one(edge, post(GOOD))).status == 200
