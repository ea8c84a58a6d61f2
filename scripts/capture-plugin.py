#!/usr/bin/env python3
"""A plugin that keeps its request, as bytes, in the file that $CAPTURE names.

Only the source positions of google/protobuf/* are left out: they hold the comments of those files,
which are neither ours nor looked at.
"""

import os
import sys


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def encode(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def records(data):
    """Number, payload and whole record of each field; requests have varints and strings only."""
    at = 0
    while at < len(data):
        start = at
        key, at = varint(data, at)
        length, after = varint(data, at)
        end = after + length if key & 7 == 2 else after
        yield key >> 3, data[after:end], data[start:end]
        at = end


def slim(file):
    fields = list(records(file))
    name = next(payload for number, payload, _ in fields if number == 1)
    if not name.startswith(b"google/protobuf/"):
        return file
    return b"".join(record for number, _, record in fields if number != 9)


request = sys.stdin.buffer.read()
out = bytearray()
for number, payload, record in records(request):
    if number == 15:
        file = slim(payload)
        record = encode(15 << 3 | 2) + encode(len(file)) + file
    out += record
with open(os.environ["CAPTURE"], "wb") as capture:
    capture.write(out)
# supported_features = FEATURE_PROTO3_OPTIONAL | FEATURE_SUPPORTS_EDITIONS, from PROTO2 to 2024
for number, value in ((2, 3), (3, 998), (4, 1001)):
    sys.stdout.buffer.write(encode(number << 3) + encode(value))
