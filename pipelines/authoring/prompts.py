"""One field of the contract as lines of a file to go on writing: its prompt, then the field with an example.

`# key: value` is YAML to uncomment, `## text` is a prompt: an editor's "toggle comment" over a whole section takes one
`#` away, so the keys come alive and the prompts stay comments. Prompts, words and examples are the contract's own.
Here: a field and what is below it. Not here: their order and the rest of the file (skeleton.py), when a field is asked
(outline.py).
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipelines.authoring.outline import Outline
from pipelines.contract.yaml_text import flow

WIDTH = 118
MOST_WORDS = 12  # a longer list is left to `faultlines explain` and to the editor's completion (set 2026-11-25)


@dataclass(frozen=True)
class Place:
    """Where a line stands: `base` before the comment mark, `depth` steps behind it, under a prompt of stage `under`."""

    base: str
    depth: int
    under: str

    def below(self, is_live: bool, under: str) -> Place:
        return Place(self.base + "  ", 0, under) if is_live else Place(self.base, self.depth + 1, under)

    def pad(self, is_live: bool) -> str:
        return self.base + ("" if is_live else "# ") + "  " * self.depth


@dataclass(frozen=True)
class Prompts:
    """`category` is the record's, `shown` the stages whose fields are prompted for, `openings` words to begin with."""

    plan: Outline
    category: str | None
    shown: tuple[str, ...]
    openings: dict[str, list[str]]

    def field(self, path: str, node: dict, value: Any, place: Place, example: Any = None) -> Iterator[str]:
        """A field with its value, or as a prompt where it has none; nothing where no stage shown asks for it.

        `example` is what the example of the object around it has for it: parts of one example fit together.
        """
        is_live, stage = value is not None, self.plan.stage_of(path)
        if not is_live and stage not in self.shown:
            return
        key = place.pad(is_live) + path.rpartition(".")[2] + ":"
        if is_live and not isinstance(value, dict):
            yield f"{key} {flow(value)}"
            return
        if not is_live:
            yield from self._explained(path, node, stage, place)
        example = node.get("examples", [{}])[0] if example is None else example
        below = place.below(is_live, place.under if is_live else stage)
        if node.get("type") == "object":
            yield key
            for name, child in node["properties"].items():
                yield from self.field(f"{path}.{name}", child, (value or {}).get(name), below, example.get(name))
        elif entry := self._entry(path, node, below, example):
            yield key
            yield from entry
        elif _is_prose(example):
            yield key
            yield from (f"{below.pad(False)}- {flow(line)}" for line in example)
        else:
            yield f"{key} {flow(self._fitting(node, example))}"

    def _entry(self, path: str, node: dict, place: Place, example: Any) -> list[str]:
        """One entry of a list with the fields asked of each; none where the contract asks nothing of entries."""
        inner = place.below(False, place.under)
        lines: list[str] = []
        for name, child in node.get("items", {}).get("properties", {}).items():
            lines += self.field(f"{path}[].{name}", child, None, inner, example[0].get(name))
        first = next((n for n, line in enumerate(lines) if line.startswith(inner.pad(False))), None)
        if first is not None:
            lines[first] = f"{place.pad(False)}- {lines[first].removeprefix(inner.pad(False))}"
        return lines

    def _explained(self, path: str, node: dict, stage: str, place: Place) -> list[str]:
        """The prompt; it names its stage where that is another than the heading it stands under."""
        later = "" if stage == place.under else f" ({stage})"
        text = f"{node['title']}{later}: {node.get('markdownDescription', '')}"
        words = self._words(node) or self._words(node.get("items", {}))
        if words:
            command = f"faultlines explain {path.replace('[]', '')}"
            many = f" One of {len(words)} words, which `{command}` lists."
            text += f" One of {', '.join(words)}." if len(words) <= MOST_WORDS else many
        text += "".join(f" «{opening}»" for opening in self.openings.get(path, ()))
        return prose(text, place.base + "## " + "  " * place.depth)

    def _words(self, node: dict) -> list[str]:
        """The words of a field, those of another category of incidents left out."""
        vocabularies = self.plan.schema["x-vocabularies"]
        others = vocabularies["categories"].keys() - {self.category}
        own = vocabularies.get(node.get("x-vocabulary"), {})
        return [word for word, entry in own.items() if entry.get("category") not in others]

    def _fitting(self, node: dict, example: Any) -> Any:
        """The example; where that is a word of another category of incidents, the first of this one's."""
        words = self._words(node)
        return words[0] if words and example not in words else example


def _is_prose(example: Any) -> bool:
    """Whether it lists sentences: between brackets the first comma an author writes would make two of one."""
    return isinstance(example, list) and any(isinstance(item, str) and " " in item for item in example)


def prose(text: str, margin: str = "## ", hanging: str = "") -> list[str]:
    """A text as comment lines."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=margin, subsequent_indent=margin + hanging,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
