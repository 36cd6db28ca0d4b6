"""The web service that the page on embedding shows, as it stands there, asked over HTTP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import jsonschema
import pytest
from pages import ROOT, blocks

from procdef.results.schema import api_schema

(SERVICE,) = [each for each in blocks((ROOT / "docs" / "embedding.md").read_text("utf-8")) if each.file == "service.py"]
MAIJA = {"X-User": "maija", "X-Roles": "seller"}


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The service in an empty folder, with a database of its own."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "processes").symlink_to(ROOT / "processes")
    module = ModuleType("service")
    exec(compile(SERVICE.text, "service.py", "exec", dont_inherit=True), module.__dict__)
    yield module
    module.engine.store.close()


def ask(service: ModuleType, method: str, path: str, code: int = 200, **more: Any) -> Any:
    """What it answers, which has to come with this code."""

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(service.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=MAIJA) as client:
            return await client.request(method, path, **more)

    answer = asyncio.run(asked())
    assert answer.status_code == code, answer.text
    return answer.json()


def holds(name: str, answer: Any) -> None:
    jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": api_schema()["$defs"]}).validate(answer)


def test_a_deal_goes_its_way_over_http(service: ModuleType) -> None:
    done = ask(service, "PUT", "/deals/ACME-1", 201, json={"stage": "prospecting"}, headers={"Idempotency-Key": "start-1"})
    holds("Done", done)
    again = ask(service, "PUT", "/deals/ACME-1", 201, json={"stage": "prospecting"}, headers={"Idempotency-Key": "start-1"})
    assert (done["replayed"], again["replayed"], again["n"]) == (False, True, 1)

    refused = ask(service, "POST", "/deals/ACME-1/stage", 409, json={})
    (item,) = refused["unmet"]
    assert (refused["code"], refused["subject"], item["fields"]) == ("step-refused", "ACME-1", ["account"])
    holds("Unmet", item)
    blank = item["suggestion"]["blanks"][0]
    recorded = ask(service, "PATCH", "/deals/ACME-1", json={blank["argument"]: {blank["field"]: "Acme"}})
    assert recorded["values"] == {"account": "Acme"}
    assert ask(service, "POST", "/deals/ACME-1/stage", json={})["stage"] == "engaging"

    status = ask(service, "GET", "/deals/ACME-1")
    holds("Options", status)
    (row,) = ask(service, "GET", "/deals?stage=engaging&owner=maija")
    holds("DealRow", row)
    assert {name: status[name] for name in row} == row
    events = ask(service, "GET", "/deals/ACME-1/log")
    assert [event["type"] for event in events] == [event["type"] for event in service.engine.events("ACME-1")]
    assert ask(service, "GET", "/deals?after=ACME-1") == []


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code", "subject"),
    [
        ("GET", "/deals/X", None, {}, 404, "unknown-deal", "X"),
        ("GET", "/deals?stage=engagin", None, {}, 400, "invalid-argument", "stage"),
        ("GET", "/deals?limit=0", None, {}, 400, "invalid-argument", "limit"),
        ("PUT", "/deals/A", {"stage": "prospecting"}, {}, 409, "deal-exists", "A"),
        ("PUT", "/deals/B?process=crm", {}, {}, 404, "unknown-process", "crm"),
        ("PATCH", "/deals/A", {"values": {"close_value": 1250.5}}, {}, 409, "step-refused", "A"),
        ("PATCH", "/deals/A", {}, {"X-Roles": "guest"}, 403, "step-refused", "A"),
        ("PATCH", "/deals/A", {}, {"X-User": " "}, 400, "invalid-argument", "id"),
        ("PATCH", "/deals/A", {}, {"Idempotency-Key": "?"}, 400, "invalid-argument", "request"),
    ],
)
def test_an_error_is_an_answer(
    service: ModuleType, method: str, path: str, body: Any, headers: dict[str, str], status: int, code: str,
    subject: str | None,
) -> None:  # fmt: skip
    ask(service, "PUT", "/deals/A", 201, json={"stage": "prospecting"})
    told = ask(service, method, path, status, json=body, headers=headers)
    assert (told["code"], told["subject"]) == (code, subject)


def test_half_a_character_is_an_answer_too(service: ModuleType) -> None:
    ask(service, "PUT", "/deals/A", 201, json={"stage": "prospecting"})
    body = {"content": json.dumps({"stage": "\ud800"}), "headers": {"Content-Type": "application/json"}}
    assert "\\ud800" in ask(service, "POST", "/deals/A/stage", 409, **body)["refused"]


def test_the_results_are_its_response_models(service: ModuleType) -> None:
    api = service.app.openapi()
    schema = api["paths"]["/deals/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/Options"}
    named = api["components"]["schemas"]
    assert {"deal", "actions", "ways"} <= set(named["Options"]["properties"])
    assert {"Done", "DealRow", "Event"} <= set(named)
    assert "#/$defs" not in json.dumps(api)


def test_it_stays_short() -> None:
    assert len(SERVICE.text.splitlines()) <= 75
