"""The Dagster UI as a process: where it listens, and what is said before it does.

Here: the refusal to be reached from elsewhere, and the command line of `dagster dev`. Not here: what the UI shows
(definitions.py), what a run does. Dagster has no login: who reaches the port reads and does everything; hence loopback.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.settings import ROOT, Settings, SettingsError

LOOPBACK = "127.0.0.1"
EXPOSED = (
    "warning: {host} is reached from other machines, and Dagster asks nobody for a password: "
    "whoever reaches port {port} reads what is set aside, and starts, stops and deletes runs. "
    "Put a proxy with a login before it"
)


def serve(settings: Settings, host: str, port: int, is_exposed: bool, say: Callable[[str], None]) -> None:
    """Replace this process by `dagster dev`: web server, schedule and sensors."""
    from pipelines.headless import dagster_home

    warning = exposure(host, port, is_exposed)
    if warning:
        say(warning)
    check_free(host, port)
    home = dagster_home(settings)
    os.environ |= {"DAGSTER_HOME": str(home), "FAULTLINES_PROJECT": str(settings.file), "PYTHONWARNINGS": "ignore"}
    say(f"starting the Dagster UI; in half a minute it answers on {address(host, port)} (Ctrl-C ends it)")
    program = str(Path(sys.executable).with_name("dagster"))
    words = ["dev", "--workspace", str(ROOT / "workspace.yaml"), "--host", host, "--port", str(port)]
    os.chdir(home)  # dagster warns of any other dagster.yaml it stands beside
    os.execv(program, [program, *words])


def exposure(host: str, port: int, is_exposed: bool) -> str | None:
    """What is to be said of this host, None on loopback; SettingsError where nobody said that it may be exposed."""
    if is_loopback(host):
        return None
    if not is_exposed:
        raise SettingsError(
            f"--host {host} may be reached from other machines, and the Dagster UI has no login; leave --host out "
            f"(then `ssh -L {port}:{LOOPBACK}:{port}` reaches it from elsewhere), or add --expose if you mean it"
        )
    return EXPOSED.format(host=host, port=port)


def check_free(host: str, port: int) -> None:
    """SettingsError where the port is taken: `dagster dev` would go on with a second daemon, and no page."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"{address(host, port)}: {error.strerror}; if a UI of this project is running, open that address, "
                "else choose another --port"
            ) from error


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it. Of names only `localhost`: another may lead anywhere tomorrow."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address(host: str, port: int) -> str:
    """What to type into the browser of this machine."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
