#!/usr/bin/env python3
"""Write the tables of docs/language.md and docs/assumptions.md from the schemas; the text around them is written by hand.

python3 tools/make_reference.py
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
PAGES = {"docs/language.md": "schemas/process.schema.json", "docs/assumptions.md": "schemas/assumptions.schema.json"}
"""Each page with the schema that its tables are made from."""
BEGIN = "<!-- tables: made by tools/make_reference.py from {schema}; change them there -->\n"
END = "<!-- end of tables -->\n"
FORMS = {
    "id": "id", "option_id": "id", "process_id": "id", "path": "id or `stage.id`", "ids": "id, or a list of them",
    "paths": "id or `stage.id`, or a list of them", "text": "[text](#texts)", "duration": "[duration](#durations)",
    "duration_or_always": "[duration](#durations), or `always`",
    "options": "[options](#options)", "language": "language code", "date": "date",
    "hours": "hours", "share": "[share](#shares-and-weights)", "weights": "[weights](#shares-and-weights)",
    "weight": "[weight](#shares-and-weights)", "count": "number", "month_and_day": "month and day, as `07-06`",
    "times": "[length of time](#lengths-of-time)", "values": "[values](#values)", "value": "value", "row": "list of values",
}  # fmt: skip
Schema = dict[str, Any]
Told = dict[str, str]


def page(name: str = "docs/language.md") -> str:
    """A page with its tables made anew."""
    begin = BEGIN.format(schema=PAGES[name])
    before, _, rest = (ROOT / name).read_text("utf-8").partition(begin)
    _, _, after = rest.partition(END)
    schema: Schema = json.loads((ROOT / PAGES[name]).read_text("utf-8"))
    return before + begin + "\n" + "\n".join(_tables(schema)) + "\n" + END + after


def _tables(schema: Schema, path: str = "", mapping: Schema | None = None, told: Told | None = None) -> Iterator[str]:
    """One table for each kind of mapping, from the top of a file down; ``told`` says where a kind stands already."""
    mapping, told = mapping or schema, {} if told is None else told
    inside = [(name, f"{path}.{name}".lstrip("."), part) for name, part in mapping["properties"].items()]
    found = [(name, *kind) for name, below, part in inside for kind in _mappings(schema, part, below)]
    new = []
    for _, below, kind in found:
        if _mark(kind) not in told:
            told[_mark(kind)] = below
            new.append((below, kind))
    links = {name: told[_mark(kind)] for name, _, kind in found}
    yield from _table(path, mapping, schema, links)
    for below, kind in new:
        yield from _tables(schema, below, kind, told)


def _mark(kind: Schema) -> str:
    return json.dumps([kind["properties"], kind.get("required")], sort_keys=True)


def _mappings(schema: Schema, part: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    """The mappings with fixed keys that may stand at a place, also below ids (written ID in the path)."""
    if part.get("$ref", "").split("/")[-1] in FORMS:
        return
    part = _resolved(schema, part)
    for branch in part.get("anyOf", ()):
        yield from _mappings(schema, branch, path)
    if "items" in part and "properties" in part["items"]:
        yield path, part["items"]
    if _told_by_key(part):
        yield path, part
    elif isinstance(part.get("additionalProperties"), dict):
        yield from _mappings(schema, part["additionalProperties"], f"{path}.ID")


def _told_by_key(part: Schema) -> bool:
    """Whether it has keys that each say what they mean, and not only names, as those of months."""
    return "properties" in part and all("description" in each for each in part["properties"].values())


def _resolved(schema: Schema, part: Schema) -> Schema:
    reference = part.get("$ref")
    return schema["$defs"][reference.split("/")[-1]] if reference else part


def _table(path: str, mapping: Schema, schema: Schema, links: dict[str, str]) -> Iterator[str]:
    yield f"### {f'`{path}`' if path else 'The file'}\n"
    yield "| key | needed | takes | meaning | example |"
    yield "|---|---|---|---|---|"
    for name, part in mapping["properties"].items():
        takes = "[expression](expressions.md)" if name in ("check", "when") else _takes(schema, part)
        link = f": [{links[name]}](#{links[name].replace('.', '').lower()})" if name in links else ""
        example = _flow(part["examples"][0])
        yield f"| `{name}` | {_needed(name, mapping)} | {takes}{link} | {part['description']} | `{name}: {example}` |"
    yield ""


def _needed(name: str, mapping: Schema) -> str:
    if name in mapping.get("required", ()):
        return "yes"
    for rule in mapping.get("allOf", ()):
        if name in rule["then"].get("required", ()):
            ((key, value),) = rule["if"]["properties"].items()
            return f"with `{key}: {value['const']}`"
    return ""


def _takes(schema: Schema, part: Schema) -> str:
    name = part.get("$ref", "").split("/")[-1]
    if name in FORMS:
        return FORMS[name]
    part = _resolved(schema, part)
    if "anyOf" in part:
        forms = [_takes(schema, branch) for branch in part["anyOf"]]
        return ", or ".join(form for form in dict.fromkeys(forms) if form != "nothing")
    if "enum" in part or "const" in part:
        return ", ".join(f"`{word}`" for word in part.get("enum", [part.get("const")]))
    return _of_type(schema, part)


def _of_type(schema: Schema, part: Schema) -> str:
    match part.get("type"):
        case [kind, "null"]:
            return _of_type(schema, {**part, "type": kind})
        case "array":
            one = _takes(schema, part["items"])
            several = one.replace("[text]", "[texts]").replace("list of", "lists of")
            return f"list of {several if several != one or one.startswith('[') else one + 's'}"
        case "object":
            by_id = "$ref" in part.get("propertyNames", {})
            return "mapping" if "properties" in part else "mapping by id" if by_id else "mapping by day"
        case "boolean":
            return "`true` or `false`"
        case "integer" | "number" as kind:
            word = "whole number" if kind == "integer" else "number"
            limits = (part.get("minimum"), part.get("maximum"))
            low, high = (None if limit is None else f"{limit:,}" for limit in limits)
            return f"{word} {low} to {high}" if low and high else f"{word} from {low}" if low else word
        case "string":
            return "text"
        case "null":
            return "nothing"
        case kinds:
            return " or ".join({"string": "date"}.get(kind, kind) for kind in kinds or ())


def _flow(example: Any) -> str:
    """An example as it would stand in a file, on one line."""
    text: str = yaml.safe_dump(example, default_flow_style=True, width=1000, allow_unicode=True, sort_keys=False)
    return text.removesuffix("...\n").strip().replace("|", "\\|")


def main() -> None:
    """Write the pages."""
    for name in PAGES:
        (ROOT / name).write_text(page(name), "utf-8")


if __name__ == "__main__":
    main()
