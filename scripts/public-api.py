#!/usr/bin/env python3
"""Writes the public items of the published libraries to docs/api/, one line each; with --check, compares.

The items come from rustdoc's JSON, which stable rustdoc writes with RUSTC_BOOTSTRAP=1. Its format belongs to a version of
Rust: rust-toolchain.toml names the one.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CRATES = {"rust-svc": "rust_svc", "rust-svc-build": "rust_svc_build", "rust-svc-compiler": "rust_svc_compiler"}
FORMAT = 57
PATH = re.compile(r"rust_svc\w*(::\w+)*")


def rustdoc(package, library):
    """The JSON of a crate with all of its features."""
    command = ["cargo", "rustdoc", "-q", "-p", package, "--lib", "--all-features", "--"]
    command += ["-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow"]
    with tempfile.TemporaryDirectory() as folder:
        # For rustdoc alone: cargo compiles everything again where rustc has the variable.
        wrapper = Path(folder) / "rustdoc"
        wrapper.write_text('#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec rustdoc "$@"\n')
        wrapper.chmod(0o755)
        subprocess.run(command, cwd=ROOT, env=os.environ | {"RUSTDOC": str(wrapper)}, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return json.loads((target / "doc" / f"{library}.json").read_text())


class Crate:
    def __init__(self, doc):
        self.index = doc["index"]
        self.root = doc["root"]
        self.lines = set()

    def item(self, id):
        return self.index.get(str(id))

    def walk(self):
        self.module(self.item(self.root), self.item(self.root)["name"], set())
        # By path, so that a type has its members below it.
        return sorted(self.lines, key=lambda line: (PATH.search(line).group(), line))

    def module(self, item, path, seen):
        for id in item["inner"]["module"]["items"]:
            self.declared(self.item(id), path, seen)

    def declared(self, item, path, seen):
        if item is None or item["visibility"] != "public" or "#[doc(hidden)]" in str(item["attrs"]):
            return
        kind, inner = next(iter(item["inner"].items()))
        if kind == "use":
            self.imported(inner, path, seen)
            return
        name = f"{path}::{item['name']}"
        if kind == "module":
            self.lines.add(f"mod {name}")
            self.module(item, name, seen)
        else:
            self.add(kind, inner, item, name)

    def imported(self, inner, path, seen):
        target = self.item(inner["id"]) if inner["id"] is not None else None
        if target is None:
            self.lines.add(f"use {path}::{inner['name']} = {inner['source']}")
            return
        if inner["is_glob"]:
            if target["id"] not in seen:
                self.module(target, path, seen | {target["id"]})
            return
        kind, of = next(iter(target["inner"].items()))
        name = f"{path}::{inner['name']}"
        if kind == "module":
            self.lines.add(f"mod {name}")
            self.module(target, name, seen)
        else:
            self.add(kind, of, target, name)

    def add(self, kind, inner, item, name):
        marks = "#[non_exhaustive] " if "non_exhaustive" in str(item["attrs"]) else ""
        if kind == "function":
            self.lines.add(function(inner, name))
        elif kind == "constant":
            self.lines.add(f"const {name}: {typed(inner['type'])}")
        elif kind == "type_alias":
            self.lines.add(f"type {name} = {typed(inner['type'])}")
        elif kind in ("struct", "enum", "trait", "union"):
            self.lines.add(f"{marks}{kind} {name}{''.join(generics(inner['generics']))}")
            getattr(self, kind)(inner, name)
        else:
            self.lines.add(f"{kind} {name}")

    def struct(self, inner, name):
        shape = inner["kind"]
        fields = shape["plain"]["fields"] if isinstance(shape, dict) and "plain" in shape else []
        for field in filter(None, map(self.item, fields)):
            if field["visibility"] == "public":
                self.lines.add(f"field {name}::{field['name']}: {typed(field['inner']['struct_field'])}")
        self.impls(inner["impls"], name)

    def enum(self, inner, name):
        for variant in map(self.item, inner["variants"]):
            self.lines.add(f"variant {name}::{variant['name']}{self.fields(variant['inner']['variant']['kind'])}")
        self.impls(inner["impls"], name)

    def fields(self, shape):
        if shape == "plain":
            return ""
        kind, ids = next(iter(shape.items()))
        ids = ids["fields"] if kind == "struct" else ids
        fields = [self.item(id) for id in ids if id is not None]
        types = [typed(field["inner"]["struct_field"]) for field in fields]
        if kind == "tuple":
            return f"({', '.join(types)})"
        named = [f"{field['name']}: {type}" for field, type in zip(fields, types)]
        return f" {{ {', '.join(named)} }}"

    def trait(self, inner, name):
        for item in map(self.item, inner["items"]):
            self.associated(item, name)

    def impls(self, ids, name):
        for block in filter(None, map(self.item, ids)):
            block = block["inner"]["impl"]
            if block["is_synthetic"] or block["blanket_impl"] or not is_for(block, name):
                continue
            if block["trait"]:
                self.lines.add(f"impl {path(block['trait'])} for {name}")
                continue
            for item in map(self.item, block["items"]):
                if item["visibility"] == "public" and "#[doc(hidden)]" not in str(item["attrs"]):
                    self.associated(item, name)

    def associated(self, item, name):
        kind, inner = next(iter(item["inner"].items()))
        name = f"{name}::{item['name']}"
        if kind == "function":
            self.lines.add(function(inner, name))
        elif kind == "assoc_const":
            self.lines.add(f"const {name}: {typed(inner['type'])}")
        elif kind == "assoc_type":
            self.lines.add(f"type {name}{bounds(inner['bounds'])}")


def is_for(block, name):
    """Whether a block is for this type, and not for one that has it as an argument."""
    of = block["for"].get("resolved_path")
    return of is not None and of["path"].split("::")[-1] == name.split("::")[-1]


def function(inner, name):
    header, signature = inner["header"], inner["sig"]
    words = [word for word in ("const", "async", "unsafe") if header[f"is_{word}"]]
    inputs = ", ".join(parameter(name, typed(type)) for name, type in signature["inputs"])
    output = f" -> {typed(signature['output'])}" if signature["output"] else ""
    params, where = generics(inner["generics"])
    return " ".join(words + ["fn"]) + f" {name}{params}({inputs}){output}{where}"


def parameter(name, type):
    return type.replace("Self", "self") if name == "self" else f"{name}: {type}"


def generics(of):
    names = []
    for param in of["params"]:
        kind, inner = next(iter(param["kind"].items()))
        if kind == "type" and inner["is_synthetic"]:
            continue
        names.append(f"const {param['name']}" if kind == "const" else param["name"] + bounds(inner.get("bounds", [])))
    where = []
    for predicate in of["where_predicates"]:
        kind, inner = next(iter(predicate.items()))
        if kind == "bound_predicate":
            where.append(typed(inner["type"]) + bounds(inner["bounds"]))
    params = f"<{', '.join(names)}>" if names else ""
    return params, f" where {', '.join(where)}" if where else ""


def bounds(of):
    texts = [bound for bound in map(bound_text, of) if bound]
    return f": {' + '.join(texts)}" if texts else ""


def bound_text(bound):
    kind, inner = next(iter(bound.items()))
    if kind == "trait_bound":
        return ("?" if inner["modifier"] == "maybe" else "") + path(inner["trait"])
    return inner if kind == "outlives" else ""


def path(of):
    return of["path"] + arguments(of.get("args"))


def arguments(args):
    if not args:
        return ""
    kind, inner = next(iter(args.items()))
    if kind == "parenthesized":
        output = f" -> {typed(inner['output'])}" if inner["output"] else ""
        return f"({', '.join(map(typed, inner['inputs']))}){output}"
    if kind != "angle_bracketed":
        return "(..)"
    texts = [argument(arg) for arg in inner["args"]]
    for constraint in inner["constraints"]:
        kind, value = next(iter(constraint["binding"].items()))
        text = f" = {typed(value['type'])}" if kind == "equality" and "type" in value else bounds(value if kind == "constraint" else [])
        texts.append(constraint["name"] + text)
    return f"<{', '.join(texts)}>" if texts else ""


def argument(arg):
    if arg == "infer":
        return "_"
    kind, inner = next(iter(arg.items()))
    if kind == "type":
        return typed(inner)
    return inner["expr"] if kind == "const" else inner


def typed(of):
    if of == "infer":
        return "_"
    kind, inner = next(iter(of.items()))
    if kind == "resolved_path":
        return path(inner)
    if kind in ("generic", "primitive"):
        return inner
    if kind == "borrowed_ref":
        lifetime = f"{inner['lifetime']} " if inner["lifetime"] else ""
        return f"&{lifetime}{'mut ' if inner['is_mutable'] else ''}{typed(inner['type'])}"
    if kind == "tuple":
        return f"({', '.join(map(typed, inner))})"
    if kind == "slice":
        return f"[{typed(inner)}]"
    if kind == "array":
        return f"[{typed(inner['type'])}; {inner['len']}]"
    if kind == "impl_trait":
        return f"impl {bounds(inner)[2:]}"
    if kind == "dyn_trait":
        traits = " + ".join(path(bound["trait"]) for bound in inner["traits"])
        return f"dyn {traits}" + (f" + {inner['lifetime']}" if inner["lifetime"] else "")
    if kind == "qualified_path":
        of_trait = path(inner["trait"]) if inner["trait"] else ""
        of_trait = f" as {of_trait}" if of_trait else ""
        return f"<{typed(inner['self_type'])}{of_trait}>::{inner['name']}"
    if kind == "function_pointer":
        signature = inner["sig"]
        output = f" -> {typed(signature['output'])}" if signature["output"] else ""
        return f"fn({', '.join(typed(type) for _, type in signature['inputs'])}){output}"
    return kind


def main():
    changed = []
    for package, library in CRATES.items():
        doc = rustdoc(package, library)
        if doc["format_version"] != FORMAT:
            sys.exit(f"rustdoc's JSON has the format {doc['format_version']}, and this script reads {FORMAT}")
        text = "\n".join(Crate(doc).walk()) + "\n"
        file = ROOT / "docs" / "api" / f"{package}.txt"
        if file.exists() and file.read_text() == text:
            continue
        changed.append(file)
        if "--check" not in sys.argv:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)
    for file in changed:
        print(f"{'differs' if '--check' in sys.argv else 'written'}: {file.relative_to(ROOT)}")
    if changed and "--check" in sys.argv:
        sys.exit("the public API has changed: run scripts/public-api.py, and read the difference")


main()
