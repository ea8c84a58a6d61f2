"""Serves users on a free port, and says which, until standard input ends."""

import itertools
import sys
import time
from concurrent import futures

import errors
import grpc
from google.protobuf import timestamp_pb2
from user.v1 import user_service_pb2 as pb
from user.v1 import user_service_pb2_grpc as service

LARGEST_BATCH = 1000


class Users(service.UserServiceServicer):
    def __init__(self):
        self.users = {}
        # Calls are on several threads, and `next` is one step.
        self.numbers = itertools.count(1)

    def GetUser(self, request, context):
        if not request.id:
            context.abort_with_status(errors.invalid_field("id", "is required"))
        if request.id not in self.users:
            context.abort_with_status(errors.user_not_found(request.id))
        return self.users[request.id]

    def CreateUser(self, request, context):
        validate(request, context)
        return self.create(request)

    def ListUsers(self, request, context):
        if request.page_size < 0:
            context.abort_with_status(errors.invalid_field("page_size", "is negative"))
        ids = list(self.users)
        if request.page_token:
            if request.page_token not in ids:
                problem = "is not where a page ended"
                context.abort_with_status(errors.invalid_field("page_token", problem))
            ids = ids[ids.index(request.page_token) + 1 :]
        for user_id in ids[: request.page_size or None]:
            yield self.users[user_id]

    def CreateUserBatch(self, requests, context):
        batch = []
        for request in requests:
            validate(request, context)
            if len(batch) == LARGEST_BATCH:
                context.abort_with_status(errors.batch_too_large(LARGEST_BATCH))
            batch.append(request)
        ids = [self.create(request).id for request in batch]
        return pb.CreateUserBatchResponse(user_ids=ids, created_count=len(ids))

    def UserEvents(self, requests, context):
        for event in requests:
            if not event.event_type:
                context.abort_with_status(errors.invalid_field("event_type", "is required"))
            if event.event_type == "sleep":
                # Nothing comes before the deadline of the call.
                while context.is_active():
                    time.sleep(0.01)
                return
            if event.event_type == "deadline":
                milliseconds = int(context.time_remaining() * 1000)
                yield pb.UserEventResponse(acknowledged=True, message=str(milliseconds))
                continue
            yield pb.UserEventResponse(acknowledged=True, message=f"took {event.event_type}")

    def create(self, request):
        created_at = timestamp_pb2.Timestamp()
        created_at.GetCurrentTime()
        user_id = f"user-{next(self.numbers)}"
        user = pb.User(id=user_id, name=request.name, email=request.email, created_at=created_at)
        self.users[user_id] = user
        return user


def validate(request, context):
    violations = []
    if not request.name.strip():
        violations.append(("name", "a user has a name"))
    local, _, domain = request.email.partition("@")
    if not local or not domain:
        violations.append(("email", "an address has something on both sides of an @"))
    if violations:
        context.abort_with_status(errors.invalid_user(violations))


def main():
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    service.add_UserServiceServicer_to_server(Users(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"listening on {port}", flush=True)
    sys.stdin.read()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
