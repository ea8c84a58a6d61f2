"""Calls a server with what it has to refuse, and prints what can be read of its errors, as JSON.

client.py ADDRESS TOKEN SERVICE_CONFIG
"""

import json
import sys

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from user.v1 import user_service_pb2 as pb
from user.v1 import user_service_pb2_grpc as service

TRAILERS = ("field", "validation-errors")


def main(address, token, service_config):
    authorization = [("authorization", f"Bearer {token}")]
    options = [("grpc.service_config", service_config)]
    with grpc.insecure_channel(address, options=options) as channel:
        users = service.UserServiceStub(channel)

        def call(method, request, metadata=authorization, timeout=30):
            """The answer of a call, all of it if it is a stream, and the error that it ends with."""
            answers = []
            try:
                answer = method(request, metadata=metadata, timeout=timeout)
                if not isinstance(answer, grpc.Call):
                    return answer, None
                for one in answer:
                    answers.append(one)
            except grpc.RpcError as error:
                return answers, read(error)
            return answers, None

        def error(*arguments, **options):
            return call(*arguments, **options)[1]

        ada = pb.CreateUserRequest(name="Ada", email="ada@example.com")
        created, _ = call(users.CreateUser, ada)
        found, _ = call(users.GetUser, pb.GetUserRequest(id=created.id))
        nameless = pb.CreateUserRequest(name=" ", email="ada")
        homeless = pb.CreateUserRequest(name="Ada", email="@")
        events = [pb.UserEventRequest(event_type=kind) for kind in ("login", "logout", "")]
        answers, end = call(users.UserEvents, iter(events))
        seen = {
            "get_user_unknown": error(users.GetUser, pb.GetUserRequest(id="Zoë 100%")),
            "get_user_empty": error(users.GetUser, pb.GetUserRequest()),
            "create_user_invalid": error(users.CreateUser, nameless),
            "list_users_token": error(users.ListUsers, pb.ListUsersRequest(page_token="nobody")),
            "create_user_batch_invalid": error(users.CreateUserBatch, iter([ada, homeless])),
            "user_events_untyped": {
                "answers": [answer.message for answer in answers],
                "error": end,
            },
            "create_and_get": {"name": found.name, "email": found.email},
            "no_token": error(users.GetUser, pb.GetUserRequest(id="user-1"), metadata=None),
            # The server sleeps where it is told to.
            "sleeping": error(
                users.GetUser,
                pb.GetUserRequest(id="nobody"),
                metadata=[*authorization, ("x-sleep", "1")],
                timeout=0.2,
            )["code"],
        }
    print(json.dumps(seen))


def read(error):
    """All that an error says, from each of the places where it says it."""
    trailers = {key: value for key, value in error.trailing_metadata() if key in TRAILERS}
    if "validation-errors" in trailers:
        trailers["validation-errors"] = json.loads(trailers["validation-errors"])
    # Fails where code or message inside are not those outside.
    status = rpc_status.from_call(error)
    info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    has_info = False
    for detail in status.details if status else ():
        has_info |= detail.Unpack(info)
        detail.Unpack(request)
    return {
        "code": error.code().name,
        "message": error.details(),
        "status": {"code": status.code, "message": status.message} if status else None,
        "reason": info.reason if has_info else None,
        "domain": info.domain if has_info else None,
        "metadata": dict(info.metadata),
        "violations": [
            {"field": violation.field, "description": violation.description}
            for violation in request.field_violations
        ],
        "trailers": trailers,
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
