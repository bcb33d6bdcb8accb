"""Every parser of fetched bytes under atheris, which follows the branches that an input takes.

``python -m tests.torture.fuzzing NAME RUNS SEED FOLDER`` searches with one parser and ends with
another code than 0 if an input raised what the parser does not declare, took over ten seconds or a
gigabyte; the input lies in the folder then. The campaign gives each parser a process of its own,
because atheris ends the process it runs in.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from random import Random

LIMITS = ("-timeout=10", "-rss_limit_mb=1024", "-max_len=20000")
TOKENS = (
    "null", "true", "NaN", "1e999", "-0", "{}", "[]", "[[[[[[[[", '{"a":', '"\\\\ud800"',
    "---\\x0a", "*a &a [*a]", "!!python/object:x", "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;",
    "@article{", "\\xff", "\\x00", "2024-99-99", "99999999999999999999",
)  # fmt: skip
"""Words of the formats, in the spelling of a dictionary of libFuzzer."""


def campaign(folder: Path, drawn: Random, rounds: int) -> Iterator[str]:
    """Search each parser with so many inputs."""
    if find_spec("atheris") is None:
        yield "not run: atheris is not installed (pip install atheris)"
        return
    from tests.torture.parsers import parsers

    failures = []
    for number, name in enumerate(parsers()):
        seed, place = drawn.getrandbits(31), folder / str(number)
        (place / "corpus").mkdir(parents=True)
        command = [
            sys.executable,
            "-m",
            "tests.torture.fuzzing",
            name,
            str(rounds),
            str(seed),
            str(place),
        ]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        tried = re.findall(r"^Done (\d+) runs", done.stderr, flags=re.MULTILINE)
        if done.returncode == 0 and tried == [str(rounds)]:
            reached = re.findall(r"cov: (\d+)", done.stderr)[-1]
            yield f"{name}: {rounds} inputs, {reached} branches"
            continue
        failures.append(name)
        lines = [line for line in done.stderr.splitlines() if "Error" in line or "ERROR" in line]
        yield f"{name}: FAILED (seed {seed}): {' '.join(lines)[-600:]}; input kept in {place}"
    assert not failures, "; ".join(failures)


def search(name: str, runs: str, seed: str, folder: Path) -> None:
    """Search with one parser; does not return."""
    import atheris

    with atheris.instrument_imports(include=["tracker"]):
        from tests.torture.parsers import DECLARED, parsers

        parse, good = parsers()[name]
        # What a parser imports late would not be followed.
        parse(good)

    def hold(body: bytes) -> None:
        try:
            parse(body)
        except DECLARED as error:
            assert str(error).isprintable()

    (folder / "corpus" / "good").write_bytes(good)
    words = folder / "words"
    words.write_text(
        "".join(f'"{token.replace(chr(34), chr(92) + chr(34))}"\n' for token in TOKENS)
    )
    options = [f"-runs={runs}", f"-seed={seed}", f"-dict={words}", f"-artifact_prefix={folder}/"]
    atheris.Setup([name, *LIMITS, *options, str(folder / "corpus")], hold)
    atheris.Fuzz()


if __name__ == "__main__":
    search(*sys.argv[1:4], Path(sys.argv[4]))
