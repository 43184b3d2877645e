"""Run a command as a child and say what it cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

# Linux counts the peak memory of a process in KiB, macOS in bytes.
MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Cost(NamedTuple):
    """Wall and CPU (user + system) seconds, peak memory in bytes, and what the child printed.

    `stderr` has the seconds since the start at which each line came.
    """

    wall: float
    cpu: float
    rss: int
    stdout: str
    stderr: list[tuple[float, str]]


def measure(
    command: Sequence[str], env: Mapping[str, str] | None = None, until: str | None = None
) -> Cost:
    """Run a command to its end; raises RuntimeError with its stderr when it fails.

    `env` is added to the environment. With `until` the child is ended at the first line of stderr
    that holds it. The figures are those of this very child and of children it waited for, as the
    kernel counted them.
    """
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, env={**os.environ, **(env or {})}, stdout=out, stderr=subprocess.PIPE
        )
        assert child.stderr is not None
        said: list[tuple[float, str]] = []
        ended = False
        with child.stderr as lines:
            for line in lines:
                text = line.decode("utf-8", "replace").rstrip("\n")
                said.append((time.perf_counter() - start, text))
                if until and until in text:
                    ended = True
                    child.kill()
                    break
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode and not ended:
            last = "\n".join(line for _, line in said[-20:])
            raise RuntimeError(f"{' '.join(command)}: exit code {child.returncode}\n{last}")
        out.seek(0)
        return Cost(
            wall,
            usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss * MAXRSS_UNIT,
            out.read().decode("utf-8", "replace"),
            said,
        )
