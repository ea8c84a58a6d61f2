// Command server serves users on a free port, and says which, until standard input ends.
package main

import (
	"context"
	stderrors "errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"

	"interop/errors"
	userv1 "interop/gen/userv1"
)

const largestBatch = 1000

type users struct {
	userv1.UnimplementedUserServiceServer

	mu    sync.Mutex
	users []*userv1.User
}

func (u *users) GetUser(ctx context.Context, request *userv1.GetUserRequest) (*userv1.User, error) {
	setTrailer := func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) }
	if request.GetId() == "" {
		return nil, refuse(setTrailer, errors.InvalidField("id", "is required"))
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	index := u.find(request.GetId())
	if index < 0 {
		return nil, refuse(setTrailer, errors.UserNotFound(request.GetId()))
	}
	return u.users[index], nil
}

func (u *users) CreateUser(ctx context.Context, request *userv1.CreateUserRequest) (*userv1.User, error) {
	setTrailer := func(md metadata.MD) { _ = grpc.SetTrailer(ctx, md) }
	if err := validate(request); err != nil {
		return nil, refuse(setTrailer, err)
	}
	return u.create(request), nil
}

func (u *users) ListUsers(request *userv1.ListUsersRequest, stream grpc.ServerStreamingServer[userv1.User]) error {
	if request.GetPageSize() < 0 {
		return refuse(stream.SetTrailer, errors.InvalidField("page_size", "is negative"))
	}
	page, isPage := u.page(request)
	if !isPage {
		return refuse(stream.SetTrailer, errors.InvalidField("page_token", "is not where a page ended"))
	}
	for _, user := range page {
		if err := stream.Send(user); err != nil {
			return err
		}
	}
	return nil
}

func (u *users) CreateUserBatch(stream grpc.ClientStreamingServer[userv1.CreateUserRequest, userv1.CreateUserBatchResponse]) error {
	var batch []*userv1.CreateUserRequest
	for {
		request, err := stream.Recv()
		if stderrors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if err := validate(request); err != nil {
			return refuse(stream.SetTrailer, err)
		}
		if len(batch) == largestBatch {
			return refuse(stream.SetTrailer, errors.BatchTooLarge(largestBatch))
		}
		batch = append(batch, request)
	}
	response := &userv1.CreateUserBatchResponse{CreatedCount: int32(len(batch))}
	for _, request := range batch {
		response.UserIds = append(response.UserIds, u.create(request).GetId())
	}
	return stream.SendAndClose(response)
}

func (u *users) UserEvents(stream grpc.BidiStreamingServer[userv1.UserEventRequest, userv1.UserEventResponse]) error {
	for {
		event, err := stream.Recv()
		if stderrors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if event.GetEventType() == "" {
			return refuse(stream.SetTrailer, errors.InvalidField("event_type", "is required"))
		}
		message := "took " + event.GetEventType()
		switch event.GetEventType() {
		case "sleep":
			// Nothing comes before the deadline of the call.
			<-stream.Context().Done()
			return stream.Context().Err()
		case "deadline":
			deadline, _ := stream.Context().Deadline()
			message = strconv.FormatInt(time.Until(deadline).Milliseconds(), 10)
		}
		answer := &userv1.UserEventResponse{Acknowledged: true, Message: message}
		if err := stream.Send(answer); err != nil {
			return err
		}
	}
}

func (u *users) create(request *userv1.CreateUserRequest) *userv1.User {
	u.mu.Lock()
	defer u.mu.Unlock()
	user := &userv1.User{
		Id:        fmt.Sprintf("user-%d", len(u.users)+1),
		Name:      request.GetName(),
		Email:     request.GetEmail(),
		CreatedAt: timestamppb.Now(),
	}
	u.users = append(u.users, user)
	return user
}

func (u *users) page(request *userv1.ListUsersRequest) ([]*userv1.User, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	page := u.users
	if token := request.GetPageToken(); token != "" {
		index := u.find(token)
		if index < 0 {
			return nil, false
		}
		page = page[index+1:]
	}
	if size := int(request.GetPageSize()); size > 0 && size < len(page) {
		page = page[:size]
	}
	return slices.Clone(page), true
}

// find is for those who hold the lock.
func (u *users) find(id string) int {
	return slices.IndexFunc(u.users, func(user *userv1.User) bool { return user.GetId() == id })
}

func validate(request *userv1.CreateUserRequest) *errors.Error {
	var violations []errors.Violation
	if strings.TrimSpace(request.GetName()) == "" {
		violations = append(violations, errors.Violation{Field: "name", Description: "a user has a name"})
	}
	local, host, _ := strings.Cut(request.GetEmail(), "@")
	if local == "" || host == "" {
		violations = append(violations, errors.Violation{
			Field:       "email",
			Description: "an address has something on both sides of an @",
		})
	}
	if violations == nil {
		return nil
	}
	return errors.InvalidUser(violations)
}

// refuse is what a handler returns: a status has no trailers of its own.
func refuse(setTrailer func(metadata.MD), err *errors.Error) error {
	setTrailer(err.Trailers)
	return err.Status.Err()
}

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	userv1.RegisterUserServiceServer(server, &users{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		server.Stop()
	}()
	fmt.Printf("listening on %d\n", listener.Addr().(*net.TCPAddr).Port)
	if err := server.Serve(listener); err != nil {
		log.Fatal(err)
	}
}
