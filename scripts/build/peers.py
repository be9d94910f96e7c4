"""Creates the virtual environment of the peers: `peers.py REQUIREMENTS TARGET`.

The lock belongs to the process and falls with it; the folder appears under its final name only
when everything in it works.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import venv

# What must be importable before the environment counts as made.
PACKAGES = ["torch", "numpy", "safetensors.torch", "tokenizers", "tiktoken", "transformers", "sacrebleu", "tensorboard", "gguf", "peft"]


def install(requirements: str, folder: str) -> None:
    """Makes a virtual environment in `folder` and fills it; what pip says goes to stderr."""
    venv.create(folder, with_pip=True, symlinks=True)
    python = os.path.join(folder, "bin", "python")
    pip = [python, "-m", "pip", "install", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", requirements], check=True, stdout=sys.stderr)
    subprocess.run([python, "-c", f"import {', '.join(PACKAGES)}"], check=True)


def main(requirements: str, target: str) -> None:
    """Installs into a folder beside `target` and renames it, unless another process just did."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(f"{target}.lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(target):
            return
        partial = f"{target}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        install(requirements, partial)
        os.rename(partial, target)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
