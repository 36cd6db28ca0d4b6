"""A client of a YAML language server, as an editor is one: it opens one text, and asks for findings, words and explanations."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from queue import Queue
from threading import Thread
from types import TracebackType
from typing import Any

_PATIENCE = 60
"""Seconds that an answer may take."""


class LanguageServer:
    """The server that a command starts, with one schema for all files; use it with ``with``."""

    def __init__(self, command: str, schema: Path) -> None:
        self._process = subprocess.Popen(
            [command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._told: Queue[dict[str, Any]] = Queue()
        self._sent = 0
        self._schema = schema.as_uri()
        self._settings: dict[str, Any] = {}
        self._listener = Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> LanguageServer:
        wants = {"textDocument": {"hover": {"contentFormat": ["markdown"]}, "completion": {"completionItem": {}}}}
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": wants, "workspaceFolders": None})
        self._send({"method": "initialized", "params": {}})
        settings = {"schemas": {self._schema: "*.yaml"}, "schemaStore": {"enable": False}}
        settings |= {"validate": True, "hover": True, "completion": True}
        self._settings = settings
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": {"yaml": settings}}})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def open(self, text: str) -> str:
        """Show the server a new document; its address."""
        self._sent += 1
        uri = f"file:///processes/{self._sent}.yaml"
        shown = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": shown}})
        return uri

    def findings(self, text: str) -> list[dict[str, Any]]:
        """What the server marks in a text."""
        uri = self.open(text)
        marked = "textDocument/publishDiagnostics"
        told = self._await(lambda told: told.get("method") == marked and told["params"]["uri"] == uri)
        found: list[dict[str, Any]] = told["params"]["diagnostics"]
        return found

    def completions(self, text: str, line: int, column: int) -> list[str]:
        """The words that the server offers at a place, which is counted from 0."""
        found = self.ask("textDocument/completion", self._at(text, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return [item["label"] for item in items]

    def hover(self, text: str, line: int, column: int) -> str:
        """What the server explains at a place, which is counted from 0."""
        found = self.ask("textDocument/hover", self._at(text, line, column))
        return str(found["contents"]["value"] if isinstance(found["contents"], dict) else found["contents"]) if found else ""

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        """The result of a request."""
        self._sent += 1
        number = self._sent
        self._send({"id": number, "method": method, "params": params})
        answer = self._await(lambda told: told.get("id") == number and "method" not in told)
        assert "error" not in answer, answer
        return answer["result"]

    def _at(self, text: str, line: int, column: int) -> dict[str, Any]:
        uri = self.open(text)
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}

    def _await(self, wanted: Any) -> dict[str, Any]:
        while True:
            told = self._told.get(timeout=_PATIENCE)
            if wanted(told):
                return told

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        output = self._process.stdout
        assert output is not None
        while header := output.readline():
            length = int(header.split(b":")[1])
            while output.readline().strip():
                pass
            told = json.loads(output.read(length))
            if "id" in told and "method" in told:  # the server asks for settings, which it was told
                answer = [self._settings] if told["method"] == "workspace/configuration" else None
                self._send({"id": told["id"], "result": answer})
            else:
                self._told.put(told)
