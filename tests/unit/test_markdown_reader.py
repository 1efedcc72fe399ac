"""The Markdown reader: what a document's blocks are, and that nothing of a badly written one is lost."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.ingest.faults import Fault
from pipelines.ingest.readers import markdown


def _blocks(text: str) -> list[dict]:
    return markdown.read("folder/PM-1.md", text.encode())[1]


def _texts(text: str) -> list[tuple[str, str]]:
    return [(block["kind"], block["text"]) for block in _blocks(text)]


def test_a_document_has_its_path_name_title_front_matter_and_body() -> None:
    document, _ = markdown.read(
        "folder/PM-1.md", b"---\ntitle: From the front\ndate: 2020-01-02 10:00\nall: [a, b]\n---\n# First\n\nText\n"
    )
    assert document == {
        "path": "folder/PM-1.md",
        "file_name": "PM-1.md",
        "title": "From the front",
        "front": {"title": "From the front", "date": "2020-01-02 10:00", "all": ["a", "b"]},
        "text": "# First\n\nText\n",
    }


def test_without_front_matter_the_first_top_heading_is_the_title() -> None:
    document, _ = markdown.read("PM-1", b"## Not this\n\n# The title\n\n# Stats\n")
    assert (document["title"], document["front"]) == ("The title", {})


def test_blocks_are_numbered_in_reading_order_and_know_their_headings_and_lines() -> None:
    blocks = _blocks("---\na: b\n---\n# Top\n\n## One\n\ntext\n\n### Deep\n\n- bullet\n\n# Stats\n\nlast\n")
    assert [(b["n"], b["kind"], b["trail"], b["section"], b["line"]) for b in blocks] == [
        (1, "heading", ["Top"], "Top", 4),
        (2, "heading", ["Top", "One"], "One", 6),
        (3, "paragraph", ["Top", "One"], "One", 8),
        (4, "heading", ["Top", "One", "Deep"], "Deep", 10),
        (5, "bullet", ["Top", "One", "Deep"], "Deep", 12),
        (6, "heading", ["Stats"], "Stats", 14),
        (7, "paragraph", ["Stats"], "Stats", 16),
    ]


def test_bullets_of_every_kind_know_their_depth_and_their_outermost_bullet() -> None:
    blocks = _blocks("- a\n  - b\n    - c\n- d\n\n* e\n\n1. f\n2. g\n")
    assert [(b["text"], b["level"], b["item"]) for b in blocks] == [
        ("a", 1, 1), ("b", 2, 1), ("c", 3, 1), ("d", 1, 4), ("e", 1, 5), ("f", 1, 6), ("g", 1, 7),
    ]  # fmt: skip


def test_a_bullet_keeps_its_further_paragraphs_and_code_stays_inside_its_item() -> None:
    blocks = _blocks("- first\n\n  second\n\n  ```\n  code\n  ```\n\n  third\n- next\n\nafter\n")
    assert [(b["kind"], b["text"], b["item"]) for b in blocks] == [
        ("bullet", "first\nsecond", 1), ("code", "code", 1), ("paragraph", "third", 1),
        ("bullet", "next", 4), ("paragraph", "after", None),
    ]  # fmt: skip


def test_an_empty_bullet_is_no_block() -> None:
    assert _texts("## Lessons\n\n-\n\n## Next\n\n- \n") == [("heading", "Lessons"), ("heading", "Next")]


def test_deeply_nested_bullets_are_not_dropped() -> None:
    text = "".join(f"{'  ' * depth}- level {depth + 1}\n" for depth in range(30))
    assert [block["level"] for block in _blocks(text)] == list(range(1, 31))


def test_words_are_readable_without_their_marks() -> None:
    (block,) = _blocks(
        "**Bold** _and_ `some  code` [a link](https://x.test/y) <https://z.test>"
        " [here](other.md) a&amp;b ![alt](i.png)\n"
    )
    assert block["text"] == "Bold and some  code a link (https://x.test/y) https://z.test here a&b alt"


def test_a_word_in_angle_brackets_is_kept_and_a_line_break_is_one() -> None:
    assert _texts("a <node-name> b<br>c\nd\n") == [("paragraph", "a <node-name> b\nc d")]


def test_comments_are_left_out_and_the_lines_after_them_keep_their_numbers() -> None:
    blocks = _blocks(
        "one <!-- x --> two\n\n<!-- a\n\n- help\n-->\n\nthree\n\n```\n<!-- kept -->\n```\n\n<!-- never closed\n"
    )
    assert [(b["text"], b["line"]) for b in blocks] == [
        ("one two", 1), ("three", 8), ("<!-- kept -->", 10), ("<!-- never closed", 14),
    ]  # fmt: skip


def test_a_footnote_is_a_paragraph_of_its_own_and_not_the_target_of_a_link() -> None:
    assert _texts("279 minutes [^3]\n\n[^2]: word\n[^3]: Three in one day.\n") == [
        ("paragraph", "279 minutes [^3]"),
        ("paragraph", "[^2]: word"),
        ("paragraph", "[^3]: Three in one day."),
    ]


def test_a_link_by_reference_is_read_in_a_cell_too() -> None:
    blocks = _blocks("| a | b |\n|---|---|\n| 1 | see [PM1][PM1] |\n\n[PM1]: https://x.test/1\n")
    assert blocks[-1]["cells"] == ["1", "see PM1 (https://x.test/1)"]


def _cells(text: str) -> list[tuple[list[str], bool]]:
    return [(block["cells"], block["is_header"]) for block in _blocks(text) if block["kind"] == "row"]


def test_a_table_gives_its_header_and_rows() -> None:
    assert _cells("| Time | Event |\n| :--- | ---: |\n| 1 | **x** |\n| 2 | y |\n") == [
        (["Time", "Event"], True), (["1", "x"], False), (["2", "y"], False),
    ]  # fmt: skip


def test_a_row_may_lack_its_last_stroke_or_a_cell_and_loses_no_cell_too_many() -> None:
    rows = _cells("| Time | Event |\n|---|---|\n| 1 | open\n| 2 |\n| 3 | a | b |\n| 4 | c | |\n| 5 | d \\| e |\n")
    assert [cells for cells, _ in rows[1:]] == [["1", "open"], ["2", ""], ["3", "a | b"], ["4", "c"], ["5", "d | e"]]


def test_a_table_whose_header_does_not_fit_its_rule_is_still_a_table() -> None:
    blocks = _blocks("## T\n\n| Time | Event |\n|---|\n| 1 | x |\n| 2 | y |\n")
    assert [(b["cells"], b["is_header"], b["line"]) for b in blocks[1:]] == [
        (["Time", "Event"], True, 3), (["1", "x"], False, 5), (["2", "y"], False, 6),
    ]  # fmt: skip


def test_a_table_ends_where_a_heading_begins() -> None:
    assert _texts("| a | b |\n|---|---|\n| 1 | 2\n## Next\nText\n")[-2:] == [("heading", "Next"), ("paragraph", "Text")]


def test_quotes_and_code_are_kinds_of_their_own() -> None:
    assert _texts("> said\n\n```sql\nselect 1\n```\n\n    indented\n") == [
        ("quote", "said"),
        ("code", "select 1"),
        ("code", "indented"),
    ]


@pytest.mark.parametrize(
    "written", ["[" * 100_000, "![[]()" * 20_000, "[^a\n" * 40_000, ("a" + " " * 15_000 + "b\n\n") * 20]
)
def test_what_would_take_the_square_of_its_length_is_read_in_time_and_kept_as_it_stands(written: str) -> None:
    began = time.process_time()
    texts = [block["text"] for block in _blocks(f"# Before\n\n{written}\n\n- *after*\n")]
    assert (texts[0], texts[-1]) == ("Before", "after")
    assert re.sub(r"[\s\\]", "", "".join(texts[1:-1])) == re.sub(r"\s", "", written)
    assert time.process_time() - began < 2


def test_a_rule_of_dashes_on_the_first_line_is_not_front_matter() -> None:
    document, blocks = markdown.read("PM-1.md", b"---\nJust a sentence, then nothing: ended\n---\n")
    assert document["front"] == {
        "Just a sentence, then nothing": "ended"
    }  # as front matter it would be read so by any tool
    document, blocks = markdown.read("PM-1.md", b"---\n\n## Heading\n\n---\ntext\n")
    assert (document["front"], [block["kind"] for block in blocks]) == ({}, ["heading", "paragraph"])


def test_empty_front_matter_is_none() -> None:
    document, blocks = markdown.read("PM-1.md", b"---\n---\n# T\n")
    assert (document["front"], blocks[0]["line"]) == ({}, 3)


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"---\ntitle: x\n\ntext\n", "PM050", 1),
        (b'---\n"a": b\n- c\n---\n', None, None),
        (b"caf\xe9\n", "PM001", 1),
        (b"", "PM004", 1),
    ],
)
def test_what_cannot_be_read_is_a_fault_with_a_fix(data: bytes, code: str | None, line: int | None) -> None:
    with pytest.raises(Fault) as caught:
        markdown.read("PM-1.md", data)
    assert caught.value.fix
    if code:
        assert (caught.value.code, caught.value.line) == (code, line)


WORDS = st.text(alphabet="ab |-#*>`[]^<!1. \n:~\\", max_size=120)


@given(WORDS)
def test_any_text_is_read_or_refused_and_no_word_of_it_is_lost(text: str) -> None:
    try:
        blocks = _blocks("x\n\n" + text)
    except Fault:
        return
    read = "".join(block["text"] for block in blocks)
    written = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    if not re.search(r"\[[^\]]*\]:|`|~|\[\]|<", written):  # link targets and the names of code fences are not words
        assert [read.count(letter) >= written.count(letter) for letter in "ab"] == [True, True]
    assert [block["n"] for block in blocks] == list(range(1, len(blocks) + 1))
    assert all(1 <= block["line"] <= text.count("\n") + 3 for block in blocks)
