// Command client calls a server with what it has to refuse, and prints what can be read of its errors,
// as JSON.
//
//	client ADDRESS TOKEN SERVICE_CONFIG
package main

import (
	"context"
	"encoding/json"
	stderrors "errors"
	"io"
	"log"
	"os"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"interop/errors"
	userv1 "interop/gen/userv1"
)

// Seen is all that an error says, from each of the places where it says it.
type Seen struct {
	Code       string             `json:"code"`
	Message    string             `json:"message"`
	Status     *Inside            `json:"status"`
	Reason     *string            `json:"reason"`
	Domain     *string            `json:"domain"`
	Metadata   map[string]string  `json:"metadata"`
	Violations []errors.Violation `json:"violations"`
	Trailers   map[string]any     `json:"trailers"`
}

// Inside is what google.rpc.Status says.
type Inside struct {
	Code    int32  `json:"code"`
	Message string `json:"message"`
}

func main() {
	address, token, serviceConfig := os.Args[1], os.Args[2], os.Args[3]
	connection, err := grpc.NewClient(
		address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(serviceConfig),
	)
	check(err)
	defer connection.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	caller := caller{
		users:     userv1.NewUserServiceClient(connection),
		anonymous: ctx,
		ctx:       metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token),
	}
	check(json.NewEncoder(os.Stdout).Encode(caller.all()))
}

type caller struct {
	users          userv1.UserServiceClient
	anonymous, ctx context.Context
}

func (c caller) all() map[string]any {
	answers, untyped := c.events("login", "logout", "")
	return map[string]any{
		"get_user_unknown":          c.get(c.ctx, "Zoë 100%"),
		"get_user_empty":            c.get(c.ctx, ""),
		"create_user_invalid":       c.create(" ", "ada"),
		"list_users_token":          c.list("nobody"),
		"create_user_batch_invalid": c.batch(user("Ada", "ada@example.com"), user("Ada", "@")),
		"user_events_untyped":       map[string]any{"answers": answers, "error": untyped},
		"create_and_get":            c.createAndGet("Ada", "ada@example.com"),
		"no_token":                  c.get(c.anonymous, "user-1"),
		"sleeping":                  c.sleeping().Code,
	}
}

func user(name, email string) *userv1.CreateUserRequest {
	return &userv1.CreateUserRequest{Name: name, Email: email}
}

func (c caller) get(ctx context.Context, id string) *Seen {
	var trailer metadata.MD
	_, err := c.users.GetUser(ctx, &userv1.GetUserRequest{Id: id}, grpc.Trailer(&trailer))
	return read(err, trailer)
}

// sleeping calls a server that sleeps where it is told to.
func (c caller) sleeping() *Seen {
	ctx := metadata.AppendToOutgoingContext(c.ctx, "x-sleep", "1")
	ctx, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	return c.get(ctx, "nobody")
}

func (c caller) create(name, email string) *Seen {
	var trailer metadata.MD
	_, err := c.users.CreateUser(c.ctx, user(name, email), grpc.Trailer(&trailer))
	return read(err, trailer)
}

func (c caller) createAndGet(name, email string) map[string]string {
	created, err := c.users.CreateUser(c.ctx, user(name, email))
	check(err)
	found, err := c.users.GetUser(c.ctx, &userv1.GetUserRequest{Id: created.GetId()})
	check(err)
	return map[string]string{"name": found.GetName(), "email": found.GetEmail()}
}

func (c caller) list(token string) *Seen {
	stream, err := c.users.ListUsers(c.ctx, &userv1.ListUsersRequest{PageToken: token})
	check(err)
	for err == nil {
		_, err = stream.Recv()
	}
	return read(err, stream.Trailer())
}

func (c caller) batch(users ...*userv1.CreateUserRequest) *Seen {
	stream, err := c.users.CreateUserBatch(c.ctx)
	check(err)
	for _, user := range users {
		// A server that has refused the call takes no more; why it did comes with its answer.
		if stream.Send(user) != nil {
			break
		}
	}
	_, err = stream.CloseAndRecv()
	return read(err, stream.Trailer())
}

func (c caller) events(types ...string) ([]string, *Seen) {
	stream, err := c.users.UserEvents(c.ctx)
	check(err)
	for _, kind := range types {
		check(stream.Send(&userv1.UserEventRequest{EventType: kind}))
	}
	check(stream.CloseSend())
	answers := []string{}
	for {
		answer, err := stream.Recv()
		if err != nil {
			return answers, read(err, stream.Trailer())
		}
		answers = append(answers, answer.GetMessage())
	}
}

func read(err error, trailer metadata.MD) *Seen {
	if err == nil || stderrors.Is(err, io.EOF) {
		return nil
	}
	failed, isStatus := status.FromError(err)
	if !isStatus {
		check(err)
	}
	seen := &Seen{
		Code:       code.Code_name[int32(failed.Code())],
		Message:    failed.Message(),
		Metadata:   map[string]string{},
		Violations: []errors.Violation{},
		Trailers:   trailers(trailer),
	}
	details := failed.Details()
	if len(details) > 0 {
		// What FromError gives is what is inside, if there is something.
		inside := failed.Proto()
		seen.Status = &Inside{Code: inside.GetCode(), Message: inside.GetMessage()}
	}
	for _, detail := range details {
		switch detail := detail.(type) {
		case *errdetails.ErrorInfo:
			seen.Reason, seen.Domain = &detail.Reason, &detail.Domain
			for key, value := range detail.GetMetadata() {
				seen.Metadata[key] = value
			}
		case *errdetails.BadRequest:
			for _, violation := range detail.GetFieldViolations() {
				seen.Violations = append(seen.Violations, errors.Violation{
					Field:       violation.GetField(),
					Description: violation.GetDescription(),
				})
			}
		}
	}
	return seen
}

func trailers(trailer metadata.MD) map[string]any {
	seen := map[string]any{}
	if field := trailer.Get("field"); field != nil {
		seen["field"] = field[0]
	}
	if listed := trailer.Get("validation-errors"); listed != nil {
		var violations []errors.Violation
		check(json.Unmarshal([]byte(listed[0]), &violations))
		seen["validation-errors"] = violations
	}
	return seen
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
