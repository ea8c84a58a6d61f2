"""What upb, by PyPI `protobuf`, makes of messages: for each line of a name and bytes a line of bytes, both in hex.

The first line is a descriptor set. Unknown fields are left out, and what cannot be read is a `!`.
"""

import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError


def main():
    if api_implementation.Type() != "upb":
        sys.exit(f"protobuf is built on {api_implementation.Type()}, and not on upb")
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet.FromString(bytes.fromhex(sys.stdin.readline()))
    for file in files.file:
        pool.AddSerializedFile(file.SerializeToString())
    types = {}
    for line in sys.stdin:
        name, _, data = line.strip().partition(" ")
        if name not in types:
            types[name] = message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
        print(again(types[name](), bytes.fromhex(data)))


def again(message, data):
    try:
        message.MergeFromString(data)
    except DecodeError:
        return "!"
    message.DiscardUnknownFields()
    # Required fields may be missing: prost does not look.
    return message.SerializePartialToString(deterministic=True).hex()


if __name__ == "__main__":
    main()
