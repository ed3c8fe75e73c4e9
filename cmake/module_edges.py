#!/usr/bin/python3
"""Fails on an include that the table of module arrows forbids, and on an app that includes another app."""
import pathlib
import re
import sys

ALLOWED = {
    "base": set(),
    "rng": {"base"},
    "lattice": {"base", "rng"},
    "deck": {"base"},
    "storage": {"base"},
    "parallel": {"base", "lattice"},
    "statistics": {"base"},
    "montecarlo": {"base", "rng", "lattice", "parallel", "statistics"},
    "cavity": {"base", "rng", "lattice", "parallel", "statistics"},
    "dmft": {"base", "rng", "lattice", "parallel", "statistics"},
    "simulation": {"base", "rng", "lattice", "deck", "storage", "parallel", "statistics"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def sources(folder):
    return [path for path in sorted(folder.rglob("*")) if path.suffix in (".hpp", ".cpp", ".in")]


def forbidden(root):
    found = []
    library = root / "lib" / "weiss"
    for path in sources(library):
        module = path.relative_to(library).parts[0]
        for include in INCLUDE.findall(path.read_text()):
            parts = include.split("/")
            if parts[0] != "weiss":
                continue
            if module not in ALLOWED:
                found.append(f"{path}: module {module} is not in the table")
            elif parts[1] != module and parts[1] not in ALLOWED[module]:
                found.append(f"{path}: {module} may not include {parts[1]} ({include})")
    apps = root / "apps"
    names = {path.name for path in apps.iterdir() if path.is_dir()} if apps.is_dir() else set()
    for path in sources(apps):
        app = path.relative_to(apps).parts[0]
        for include in INCLUDE.findall(path.read_text()):
            other = include.split("/")[0]
            if other in names and other != app:
                found.append(f"{path}: app {app} may not include app {other}")
    for path in root.rglob("CMakeLists.txt"):
        if "build" not in path.relative_to(root).parts and "march=native" in path.read_text():
            found.append(f"{path}: -march=native ties the build to one CPU; dispatch at run time")
    return found


def self_test():
    """The check must catch what it is for."""
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        root = pathlib.Path(name)
        for path, text in (("lib/weiss/rng/a.hpp", '#include "weiss/lattice/lattice.hpp"\n'),
                           ("lib/weiss/montecarlo/b.cpp", '  #include "weiss/storage/node.hpp"\n'),
                           ("lib/weiss/cavity/c.cpp", '#include "weiss/montecarlo/wolff.hpp"\n'),
                           ("lib/weiss/lattice/d.cpp", '#include "weiss/rng/stream.hpp"\n'),
                           ("apps/one/e.cpp", '#include "two/f.hpp"\n'), ("apps/two/f.hpp", "\n")):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        found = forbidden(root)
    assert len(found) == 4, found


if __name__ == "__main__":
    self_test()
    problems = forbidden(pathlib.Path(sys.argv[1]))
    print("\n".join(problems) or "every include is allowed")
    sys.exit(1 if problems else 0)
