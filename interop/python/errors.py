"""The errors of the service, made into what a call is aborted with."""

import json

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

DOMAIN = "users.example.com"


def user_not_found(user_id):
    message = f"there is no user {user_id}"
    return _status(code_pb2.NOT_FOUND, message, _info("USER_NOT_FOUND", id=user_id))


def invalid_field(field, problem):
    info = _info("INVALID_FIELD", field=field, problem=problem)
    status = _status(code_pb2.INVALID_ARGUMENT, f"{field} {problem}", info)
    return _with_trailer(status, "field", field)


def invalid_user(violations):
    """`violations` are pairs of a field and a description."""
    request = error_details_pb2.BadRequest()
    for field, description in violations:
        request.field_violations.add(field=field, description=description)
    status = _status(
        code_pb2.INVALID_ARGUMENT, "the user is not valid", _info("INVALID_USER"), request
    )
    listed = [{"field": field, "description": description} for field, description in violations]
    return _with_trailer(status, "validation-errors", json.dumps(listed, separators=(",", ":")))


def batch_too_large(limit):
    message = f"a batch has at most {limit} users"
    return _status(code_pb2.RESOURCE_EXHAUSTED, message, _info("BATCH_TOO_LARGE", limit=str(limit)))


def _info(reason, **metadata):
    return error_details_pb2.ErrorInfo(reason=reason, domain=DOMAIN, metadata=metadata)


def _status(code, message, *details):
    packed = []
    for detail in details:
        packed.append(any_pb2.Any())
        packed[-1].Pack(detail)
    return rpc_status.to_status(status_pb2.Status(code=code, message=message, details=packed))


def _with_trailer(status, key, value):
    # What aborts a call replaces all trailers that were set before, so all of them have to be in it.
    return status._replace(trailing_metadata=(*status.trailing_metadata, (key, value)))
