"""Compiles `files/*/a.proto` in a folder, each to `a.fds` beside it, and prints the names that protoc takes.

They import what is in `imported`. One process forks for each file, since starting Python takes longer than protoc does,
and protoc may crash.
"""

import os
import sys

import grpc_tools
from grpc_tools import protoc

WELL_KNOWN = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")

root = sys.argv[1]
files = os.path.join(root, "files")
imported = os.path.join(root, "imported")


def takes(folder):
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        includes = ["-I", folder, "-I", imported, "-I", WELL_KNOWN]
        output = ["--include_source_info", "--retain_options", "-o", os.path.join(folder, "a.fds")]
        code = protoc.main(["protoc", *includes, *output, "a.proto"])
        os._exit(0 if code == 0 else 1)
    _, status = os.waitpid(child, 0)
    return status == 0


for name in sorted(os.listdir(files)):
    if takes(os.path.join(files, name)):
        print(name)
