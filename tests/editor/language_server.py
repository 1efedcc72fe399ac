"""The real YAML language server, installed once into a cache folder and spoken to over its pipes, as an editor does.

Here: installing and speaking. Not here: what is asked and expected (test_language_server.py).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCK = HERE / "package-lock.json"
SERVER = "node_modules/yaml-language-server/bin/yaml-language-server"
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "ETIMEDOUT")  # npm's words for no network
PATIENCE = 30  # seconds for one answer; it takes under one on two busy cores
# what an editor says it can do: without these the server offers neither snippets nor Markdown
CAN = {
    "textDocument": {
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
    },
    "workspace": {"configuration": True},
}
SETTINGS = {"yaml": {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}}


def install() -> Path | str:
    """The server's program, or why there is none here. The lock's digest names the folder: a new lock, a new one."""
    if not shutil.which("npm"):
        return "npm is not installed here"
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "faultlines" / f"editor-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:16]}"
    if not (folder / SERVER).exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        # beside its place and then renamed: two test processes may install at once
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            made = Path(unfinished, "made")
            shutil.copytree(HERE, made, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            ended = subprocess.run(command, cwd=made, capture_output=True, text=True, timeout=120)
            if any(word in ended.stderr for word in UNREACHABLE):
                return f"npm reaches no registry: {ended.stderr.strip().splitlines()[0]}"
            assert ended.returncode == 0, ended.stderr
            with contextlib.suppress(OSError):
                made.rename(folder)
    return folder / SERVER


class LanguageServer:
    """One server process. Answers are waited for by id; what it says unasked is kept by method."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.process = subprocess.Popen(
            ["node", str(program), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.answers: queue.Queue[dict] = queue.Queue()
        self.findings: queue.Queue[dict] = queue.Queue()
        self.asked = 0
        threading.Thread(target=self._listen, daemon=True).start()
        root = folder.as_uri()
        self.ask("initialize", processId=os.getpid(), rootUri=root, capabilities=CAN)
        self.tell("initialized")
        self.tell("workspace/didChangeConfiguration", settings=SETTINGS)

    def open(self, path: Path, text: str) -> str:
        """Open a document; its URI."""
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", textDocument=document)
        return uri

    def diagnostics(self, uri: str) -> list[dict]:
        """What the server has against the document, by line."""
        while True:
            said = self.findings.get(timeout=PATIENCE)
            if said["uri"] == uri:
                return sorted(said["diagnostics"], key=lambda one: one["range"]["start"]["line"])

    def hover(self, uri: str, line: int, character: int) -> str:
        found = self.ask("textDocument/hover", **_at(uri, line, character))
        return found["contents"]["value"] if found else ""

    def completions(self, uri: str, line: int, character: int) -> dict[str, dict]:
        found = self.ask("textDocument/completion", **_at(uri, line, character))
        return {item["label"]: item for item in (found["items"] if isinstance(found, dict) else found)}

    def ask(self, method: str, **params: Any) -> Any:
        self.asked += 1
        self._send({"id": self.asked, "method": method, "params": params})
        while True:
            answer = self.answers.get(timeout=PATIENCE)
            if answer["id"] == self.asked:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def close(self) -> None:
        self.ask("shutdown")
        self.tell("exit")
        self.process.wait(timeout=PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()

    def _send(self, message: dict) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        stream = self.process.stdout
        while head := stream.readline():
            size = int(head.split(b":")[1])
            stream.readline()
            message = json.loads(stream.read(size))
            if message.get("method") == "workspace/configuration":
                sections = [SETTINGS.get(item.get("section")) for item in message["params"]["items"]]
                self._send({"id": message["id"], "result": sections})
            elif message.get("method") == "textDocument/publishDiagnostics":
                self.findings.put(message["params"])
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif "id" in message:
                self.answers.put(message)


def _at(uri: str, line: int, character: int) -> dict:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
