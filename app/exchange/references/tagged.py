"""What formats of one tag a line have in common: values by tag, taken away as they are used."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.exchange.references.record import Draft


@dataclass(slots=True)
class Block:
    """The lines of one record: where it starts, its raw lines, and tags with their text lines."""

    line: int
    lines: list[str] = field(default_factory=list)
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    is_ended: bool = False

    @property
    def raw(self) -> str:
        """The record as it stood, without blank lines around it."""
        return "\n".join(self.lines).strip("\n")

    def has(self, names: Iterable[str]) -> bool:
        """Say whether any of these tags says something."""
        wanted = set(names)
        return any(tag in wanted and any(parts) for tag, parts in self.tags)


class Tags:
    """Values by tag, in order; those taken are gone, so that what is left has no other place."""

    def __init__(self, block: Block, in_lines: frozenset[str]) -> None:
        self._values: dict[str, list[str]] = {}
        for tag, parts in block.tags:
            if len(parts) == 1:
                value = parts[0].strip()
            elif tag in in_lines:
                value = "\n".join(part.strip() for part in parts).strip()
            else:
                value = " ".join(part.strip() for part in parts if part.strip())
            if value:
                self._values.setdefault(tag, []).append(value)

    def __contains__(self, tag: str) -> bool:
        return tag in self._values

    def peek(self, *tags: str) -> list[str]:
        """Return all values of some tags, tag by tag, and leave them."""
        return [value for tag in tags for value in self._values.get(tag, ())]

    def take(self, *tags: str) -> list[str]:
        """Take all values of some tags, tag by tag."""
        return [value for tag in tags for value in self._values.pop(tag, ())]

    def take_first(self, *tags: str) -> list[str]:
        """Take the values of the first of these tags that has any, and those that repeat them."""
        for tag in tags:
            found = self._values.pop(tag, None)
            if found:
                for other in tags:
                    if self._values.get(other) == found:
                        del self._values[other]
                return list(dict.fromkeys(found))
        return []

    def take_one(self, *tags: str) -> str | None:
        """Take the first value there is; others of the same tag stay."""
        for tag in tags:
            values = self._values.get(tag)
            if values:
                found = values.pop(0)
                if values or len(tags) > 1:
                    self.drop(found, *tags)
                return found
        return None

    def drop(self, value: str, *tags: str) -> None:
        """Take away repetitions of a value that is used already."""
        for tag in tags:
            values = self._values.get(tag)
            if values and value in values:
                self._values[tag] = [other for other in values if other != value]

    def left(self) -> Iterator[list[str]]:
        """Yield what nobody took, as [tag, value]."""
        for tag, values in self._values.items():
            for value in values:
                yield [tag, value]


def put_simple(draft: Draft, tags: Tags, table: dict[str, str]) -> None:
    """Put one value for each tag of a table into its CSL-JSON field, unless that is taken."""
    for tag, name in table.items():
        if tag in tags and name not in draft.csl:
            draft.put_csl(name, tags.take_one(tag))
