"""What if: a process and its assumptions with single settings changed, as ``people.manager=2`` or ``stages.a.sla=5 days``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from procdef.diagnostics import nearest
from procdef.errors import InvalidArgument
from procdef.language import load_source
from procdef.model import ProcessDefinition
from procdef.simulation.assumptions.defaults import defaults
from procdef.simulation.assumptions.distributions import Choice
from procdef.simulation.assumptions.explained import Explained
from procdef.simulation.assumptions.model import ActionAssumptions, Assumptions, StageAssumptions
from procdef.simulation.assumptions.reading import read_assumptions
from procdef.simulation.assumptions.writing import written_assumptions

_ASSUMED = ("arrivals", "people", "actions", "values", "together")
_ASSUMED_OF_STAGES = ("wait", "lost", "ways", "waived", "records", "stalled")
_MAIN = {"people": "number", "arrivals": "per_month"}
"""What a single number stands for, where more is said of it."""


class Setting(NamedTuple):
    """One setting: the keys that lead to it, its value, and the text that said so."""

    keys: tuple[str, ...]
    value: Any
    text: str

    @property
    def is_assumed(self) -> bool:
        """Whether it is one of the assumptions, and not of the process itself."""
        if self.keys[0] != "stages" or len(self.keys) < 3:
            return self.keys[0] in _ASSUMED
        return self.keys[2] in _ASSUMED_OF_STAGES or (self.keys[2] == "back" and len(self.keys) > 3)


_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # where PyYAML was built with libyaml it is ten times as fast
_Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Loader(_Base):  # type: ignore[misc]
    """Reads YAML as processes are read: ``yes`` and ``on`` are texts, and so are dates and times."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if tag.rpartition(":")[2] in ("int", "float", "null", "bool")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    if first not in "yYnNoO"
}


def setting(text: str) -> Setting:
    """The setting that a text such as ``people.manager=2`` says. Raises ``InvalidArgument``."""
    path, equals, value = text.partition("=")
    keys = tuple(key.strip() for key in path.split("."))
    if equals and len(keys) == 1 and all(keys):
        raise InvalidArgument(
            f"{text!r} does not say of what; write it with its place, as stages.closing.lost=20 % or people.manager=2", "set"
        )
    if not equals or not all(keys) or len(keys) < 2:
        raise InvalidArgument(f"{text!r} sets nothing; write PLACE=VALUE, as people.manager=2", "set")
    try:
        found = yaml.load(value, _Loader)
    except yaml.YAMLError:
        raise InvalidArgument(f"the value in {text!r} cannot be read; write it as in YAML", "set") from None
    if keys[0] == "actions" and len(keys) > 2:
        keys = (keys[0], f"{keys[1]}.{keys[2]}", *keys[3:])
    return Setting(keys, found, text)


def changed_process(definition: ProcessDefinition, settings: Iterable[Setting]) -> ProcessDefinition:
    """The process with these settings. Raises ``InvalidArgument`` for a place that there is not, and ``DefinitionInvalid``."""
    own = [each for each in settings if not each.is_assumed]
    if not own:
        return definition
    whole: dict[str, Any] = yaml.load(definition.source, _Loader)
    for each in own:
        _put(whole, each, (*whole, *_ASSUMED), strict=True)
    source = yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000).encode()
    return load_source(source, f"{definition.name} with {', '.join(each.text for each in own)}")


def file_assumptions(definition: ProcessDefinition, file: Path) -> Assumptions:
    """What a file assumes of a process. Raises ``InvalidArgument`` with the first thing that is wrong."""
    return _read(definition, file, str(file))


def changed_assumptions(
    definition: ProcessDefinition, assumptions: Assumptions, settings: Iterable[Setting]
) -> Assumptions:
    """These assumptions of a process with these settings. Raises ``InvalidArgument`` with the first thing that is wrong."""
    assumed = [each for each in settings if each.is_assumed]
    if not assumed:
        return assumptions
    text = written_assumptions(definition, f"{definition.id}.yaml", Explained(assumptions))
    whole: dict[str, Any] = yaml.load(text, _Loader)
    for each in assumed:
        _put(whole, each, _ASSUMED, strict=False)
    source = yaml.dump(whole, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000).encode()
    return _read(definition, source, f"{definition.name} with {', '.join(each.text for each in assumed)}")


def _read(definition: ProcessDefinition, source: Path | bytes, name: str) -> Assumptions:
    read = read_assumptions(source, name, process=definition)
    if read.assumptions is None:
        worst = next(each for each in read.findings if each.severity == "error")
        place = f"{name}:{worst.span.line}" if isinstance(source, Path) else name
        raise InvalidArgument(f"{place}: {worst.message}")
    return read.assumptions


def carried_over(first: ProcessDefinition, assumptions: Assumptions, second: ProcessDefinition) -> Assumptions:
    """What is assumed of one process, of another: of what both have under the same id the same, so that only what the processes
    say makes a difference. Of all else what the second itself says."""
    if first.sha256 == second.sha256:
        return assumptions
    base = defaults(second).assumptions
    same = {
        name for name, field in second.fields.items() if name in first.fields and first.fields[name].type == field.type
    }
    return replace(
        base,
        arrivals={name: replace(assumptions.arrivals[name], knows=of.knows) if name in assumptions.arrivals else of
                  for name, of in base.arrivals.items()},
        values={name: assumptions.values[name] if name in same else of for name, of in base.values.items()},
        people={name: assumptions.people.get(name, of) for name, of in base.people.items()},
        actions={path: _action(assumptions.actions[path], of, _alike(first.actions[path].ways, second.actions[path].ways))
                 if path in first.actions else of for path, of in base.actions.items()},
        stages={name: _stage(first, assumptions.stages[name], second, of, name) if name in first.stages else of
                for name, of in base.stages.items()},
        together=assumptions.together if assumptions.together and same.issuperset(assumptions.together.fields) else None,
    )  # fmt: skip


def _alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether there is the same to choose from: what a file says of some of it can be carried over then."""
    return one.keys() == other.keys()


def _action(known: ActionAssumptions, of: ActionAssumptions, alike: bool) -> ActionAssumptions:
    return replace(known, ways=known.ways if alike else of.ways)


def _stage(
    first: ProcessDefinition, known: StageAssumptions, second: ProcessDefinition, of: StageAssumptions, name: str
) -> StageAssumptions:
    one, other = first.stages[name], second.stages[name]
    reasons = second.lost.reasons if second.lost is not None and name not in second.won_side else {}
    lost = known.lost if reasons else 0.0
    same = first.lost is not None and _alike(first.lost.reasons, reasons)
    return replace(
        of,
        wait=known.wait,
        lost=lost,
        lost_after=known.lost_after,
        reasons=(known.reasons if same else Choice(dict.fromkeys(reasons, 1.0))) if lost else None,
        ways=known.ways if _alike(one.next, other.next) else of.ways,
        back=known.back if _alike(one.back, other.back) else of.back,
        waived={name: known.waived.get(name, chance) for name, chance in of.waived.items()},
        stalled=known.stalled,
    )


def _put(whole: dict[str, Any], setting: Setting, known: Iterable[str], *, strict: bool) -> None:
    """Set a value at its place. With ``strict`` every part of the place but the last must be there."""
    *way, last = setting.keys
    inner: Any = whole
    for depth, key in enumerate(way):
        if key not in inner or not isinstance(inner[key], dict):
            names = list(known) if depth == 0 else list(inner) if isinstance(inner, Mapping) else []
            if strict or (depth == 0 and key not in names and key != "stages"):
                near = nearest(key, names)
                hint = f' (did you mean "{near}"?)' if near else f"; there are {', '.join(names)}" if names else ""
                place = ".".join(setting.keys[: depth + 1])
                raise InvalidArgument(f'{setting.text!r} sets nothing: there is no "{place}"{hint}', "set")
            inner[key] = {}
        inner = inner[key]
    held = inner.get(last)
    if isinstance(held, dict) and not isinstance(setting.value, dict):
        main = "within" if last == "sla" else _MAIN.get(setting.keys[0]) if len(setting.keys) == 2 else None
        if main is not None:
            held[main] = setting.value
            return
    inner[last] = setting.value
