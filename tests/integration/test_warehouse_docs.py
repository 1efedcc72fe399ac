"""docs/warehouse.md is what the contracts give. Not here: that nothing of a built warehouse is missing in it, which
tests/integration/test_too_little_data.py looks at in the empty one.
"""

from __future__ import annotations

from pipelines.publish import warehouse_docs


def test_the_page_is_what_the_contracts_give() -> None:
    # to mend it: .venv/bin/python -m pipelines.publish.warehouse_docs
    assert warehouse_docs.PAGE.read_text(encoding="utf-8") == warehouse_docs.page()
