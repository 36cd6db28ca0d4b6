"""Evidence that is a file: which files are opened for it, and which never are."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from procdef import Actor, Engine, InvalidArgument, StepRefused, load, open_store

SELLER = Actor("maija", frozenset({"seller"}))
PROCESS = """
procdef: 1
id: signing
version: 1
title: Signing
languages: [en]
roles: {seller: {title: Seller}}
fields: {amount: {type: integer}}
stages:
  talk:
    title: Talk
    start: true
    required_actions: {sign: {title: Sign, evidence: document}}
    next: signed
  signed: {title: Done, outcome: won}
"""


def engine(folder: Path, via: str = "api", opens_files: bool = False) -> Engine:
    """An engine on a file in the folder, with a deal D."""
    found = Engine(open_store(f"sqlite:///{folder / 'deals.db'}"), via=via, opens_files=opens_files)
    found.publish(load(PROCESS), by=SELLER)
    found.start("signing", "D", by=SELLER)
    return found


@pytest.mark.parametrize("name", ["deals.db", "deals.db-wal", "deals.db-shm", "other name"])
def test_the_database_is_no_document(name: str, tmp_path: Path) -> None:
    signing = engine(tmp_path, opens_files=True)
    (tmp_path / "other name").symlink_to(tmp_path / "deals.db")
    with pytest.raises(StepRefused) as refused:
        signing.do("D", "sign", by=SELLER, evidence=str(tmp_path / name))
    assert [(item.code, item.id) for item in refused.value.unmet] == [("bad-value", "evidence")]
    signing.store.close()


@pytest.mark.parametrize("opens_files", [False, True])
@pytest.mark.parametrize("via", ["api", "cli", "worker", "web"])
def test_a_path_opens_a_file_only_where_the_application_says_so(via: str, opens_files: bool, tmp_path: Path) -> None:
    if (via, opens_files) == ("web", True):
        with pytest.raises(InvalidArgument, match="opens no files"):
            engine(tmp_path, via, opens_files)
        return
    signing, letter = engine(tmp_path, via, opens_files), tmp_path / "letter.txt"
    letter.write_text("Dear all")
    step = {"by": "maija", "roles": ["seller"], "deal": "D", "do": "do", "action": "sign", "evidence": str(letter)}
    ((result,), allowed) = signing.run("signing", [step], by=SELLER), opens_files
    assert (result.status == "applied") is allowed
    if not allowed:
        refusals = []
        for path in (letter, tmp_path / "no such letter.txt"):
            with pytest.raises(StepRefused) as refused:
                signing.in_language("fi").do("D", "sign", by=SELLER, evidence=str(path))
            refusals.append([(item.code, item.message, item.why) for item in refused.value.unmet])
        assert refusals[0] == refusals[1]
        elsewhere = f"letter.txt sha256:{sha256(letter.read_bytes()).hexdigest()}"
        assert (
            signing.do("D", "sign", by=SELLER, evidence=elsewhere).events[-1]["data"]["evidence"]["name"]
            == "letter.txt"
        )
    signing.store.close()
