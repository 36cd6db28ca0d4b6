"""``python -m benchmarks.scenarios``: a thousand scenarios, read, checked and played, in at most 5 seconds.

They are those of the shipped processes, over and over, in files of a hundred.
"""

from __future__ import annotations

import re
import tempfile
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter, process_time

from procdef.resources import shipped_scenarios
from procdef.scenarios.suite import Suite

HOW_MANY, IN_A_FILE, MOST = 1000, 100, 5.0
_SCENARIO = re.compile(r"^  [a-z]", re.MULTILINE)


def main() -> None:
    """Print how long it took, of the wall's clock and of the processor's."""
    with tempfile.TemporaryDirectory(prefix="procdef-benchmarks-") as folder:
        files = [file for name in shipped_scenarios() for file in _written(Path(folder), name)]
        began, worked, suite = perf_counter(), process_time(), Suite()
        steps = 0
        for file in files:
            read = suite.read((str(file), file))
            assert not read.findings, read.findings[0]
            steps += sum(len(each.steps) for each in read.scenarios)
            assert all(outcome.passed for outcome in suite.play(read))
        took, work = perf_counter() - began, process_time() - worked
    verdict = "reached" if took <= MOST else "missed"
    print(f"{suite.played} scenarios with {steps} steps: {took:.2f} s ({work:.2f} s of work), aim {MOST:g} s, {verdict}")


def _written(folder: Path, name: str) -> list[Path]:
    """A third of the scenarios, made of those of one process, which stands beside them."""
    source = shipped_scenarios()[name].read_text(encoding="utf-8")
    begin = _SCENARIO.search(source)
    assert begin is not None
    head, body = source[: begin.start()], source[begin.start() :]
    starts = [match.start() for match in _SCENARIO.finditer(body)]
    parts = [body[one:other] for one, other in zip(starts, [*starts[1:], None], strict=True)]
    process = Path(__file__).parents[1] / "processes" / f"{name}.yaml"
    (folder / process.name).write_bytes(process.read_bytes())
    found = []
    chosen = list(islice(cycle(parts), HOW_MANY // 3 + 1))
    for number in range(0, len(chosen), IN_A_FILE):
        texts = [_renamed(text, number + place) for place, text in enumerate(chosen[number : number + IN_A_FILE])]
        file = folder / f"{name}-{number}.test.yaml"
        file.write_text(head + "".join(texts), encoding="utf-8")
        found.append(file)
    return found


def _renamed(scenario: str, number: int) -> str:
    """The scenario under another id, also where its own steps name it as the deal that another one grew out of."""
    name = scenario.strip().partition(":")[0]
    own = rf"(?<=^  ){name}(?=:)|(?<=from: ){name}(?=,)"
    return re.sub(own, f"s{number}", scenario.rstrip("\n") + "\n", flags=re.MULTILINE)


if __name__ == "__main__":
    main()
