"""Run benchmarks: all of them, or those named. Each prints a table and writes bench/results/.

After several, all their figures that have a target stand in one table, and in summary.json.
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path
from types import ModuleType

from bench.harness import Bench, machine, summarize


def benchmarks() -> dict[str, ModuleType]:
    """Return the benchmarks by name: every module here that has a `run`."""
    names = [m.name for m in pkgutil.iter_modules([str(Path(__file__).parent)])]
    modules = [importlib.import_module(f"bench.{name}") for name in names if name[0] != "_"]
    return {module.NAME: module for module in modules if hasattr(module, "run")}


def main() -> int:
    """Run the benchmarks named on the command line; exit with 1 if a target was missed."""
    known = benchmarks()
    helps = "\n".join(
        f"  {name:10} {(module.__doc__ or '').splitlines()[0]}" for name, module in known.items()
    )
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description=f"{__doc__}\n\nThere are:\n{helps}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="benchmarks to run; none: all")
    names = parser.parse_args().names or list(known)
    for name in names:
        if name not in known:
            parser.error(f"there is no benchmark {name!r}; there are: {', '.join(known)}")
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    benches = [Bench(name) for name in names]
    for bench in benches:
        known[bench.name].run(bench)
        bench.report()
    if len(benches) > 1:
        summarize(benches, benches[0].console)
    missed = sum(figure.met is False for bench in benches for figure in bench.figures)
    if missed:
        print(f"{missed} target{'s' if missed > 1 else ''} missed.", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
