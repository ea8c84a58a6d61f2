"""How many instructions a command takes, for the scripts beside this one."""

import re
import shutil
import subprocess
import sys
import tempfile


def instructions(*command):
    if not shutil.which("valgrind"):
        sys.exit("there is no valgrind")
    with tempfile.NamedTemporaryFile() as profile:
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile.name}"]
        done = subprocess.run([*valgrind, *command], check=True, capture_output=True, text=True)
    return int(re.search(r"Collected : (\d+)", done.stderr)[1])
