"""The machine and the versions under which something was measured. No name of a host, no path."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path

PACKAGES = ("duckdb", "dagster", "dbt-core", "dbt-duckdb", "great-expectations", "polars")


def machine() -> dict[str, str]:
    """Cores, processor, memory, kernel, how busy it is at this moment."""
    about = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.+)$", about, re.MULTILINE)
    (total,) = re.findall(r"^MemTotal:\s+(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return {
        "cores it may use": str(len(os.sched_getaffinity(0))),
        "processor": model[1] if model else platform.machine(),
        "memory": f"{int(total) / 2**20:.1f} GB",
        "kernel": f"{platform.system()} {platform.release()}",
        "others at work (load average over one minute, before the start)": f"{os.getloadavg()[0]:.2f}",
    }


def versions() -> dict[str, str]:
    """Python and what a run leans on."""
    return {"python": platform.python_version()} | {name: metadata.version(name) for name in PACKAGES}
