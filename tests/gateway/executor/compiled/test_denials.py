"""Fields that are not granted and not nullable: the null bubbles on records as in the reference."""

from __future__ import annotations

import functools

import pytest

from tests.testkit.both_ways import check_both_ways, is_compiled
from tests.testkit.graph_world import GraphWorld

pytestmark = pytest.mark.anyio

SEEDS = range(107, 110)  # in the last an object stands at two positions
WORLD = {
    "a": """
        type Query {
          must: Post! one: Post posts: [Post] all: [Post!] every: [Post!]! grid: [[Post!]]
          m: [Mixed!]!
        }
        union Mixed = Post | Note
        type Post @key(fields: "id") {
          id: ID! title: String! by: User! likers: [User!] notes: [Note!]! note: Note
        }
        type User @key(fields: "id") { id: ID! name: String! nick: String }
        type Note { text: String! of: Post }
    """,
    "b": """
        type Query { other: Int }
        type Post @key(fields: "id") {
          id: ID! size: Int! tags: [Tag!]!
          length: Int @requires(fields: "title") title: String! @external
        }
        type Tag { word: String! rank: Int }
        type User @key(fields: "id") { id: ID! mail: String! }
    """,
}
CASES = [
    ("{ must { id title } one { id } }", {"Post.title"}),
    ("{ one { id title size } posts { size title } }", {"Post.title"}),
    ("{ all { size } every { id by { nick } } }", {"User.nick", "Post.size"}),
    ("{ every { id by { nick name } } }", {"User.nick", "User.name"}),
    ("{ posts { by { name nick } size likers { nick name } } }", {"User.name", "User.nick"}),
    ("{ posts { likers { mail name } tags { rank word } } }", {"User.mail", "Tag.rank"}),
    ("{ grid { tags { rank word } notes { text } } }", {"Tag.word", "Tag.rank", "Note.text"}),
    ("{ m { ... on Post { id size } ... on Note { text } } one { id } }", {"Note.text"}),
    ("{ posts { note { of { length note { text } } } } }", {"Note.text", "Post.length"}),
    ("{ posts { title length size } all { length } }", {"Post.title"}),
    ("{ posts { id size notes { of { by { mail } } } } }", {"Post.by", "Post.id"}),
]


@functools.cache
def make_world() -> GraphWorld:
    """Compose it once."""
    return GraphWorld(**WORLD)


@pytest.mark.parametrize(("text", "denied"), CASES)
async def test_nulls_of_denied_fields_bubble_on_records(text: str, denied: set[str]) -> None:
    """To the nearest nullable place, with the errors and the statement of the reference."""
    world = make_world()
    assert is_compiled(world, text, denied=frozenset(denied))
    for seed in SEEDS:
        await check_both_ways(world, text, {}, seed, frozenset(denied))
