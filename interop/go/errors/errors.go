// Package errors makes the errors of the service.
package errors

import (
	"encoding/json"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
)

const domain = "users.example.com"

// Error is what a call fails with, and the plain trailers beside it.
type Error struct {
	Status   *status.Status
	Trailers metadata.MD
}

// Violation is what is wrong with one field.
type Violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

// UserNotFound says that there is no user with an id.
func UserNotFound(id string) *Error {
	message := fmt.Sprintf("there is no user %s", id)
	return failure(codes.NotFound, message, nil, info("USER_NOT_FOUND", map[string]string{"id": id}))
}

// InvalidField says what is wrong with one field.
func InvalidField(field, problem string) *Error {
	about := info("INVALID_FIELD", map[string]string{"field": field, "problem": problem})
	trailers := metadata.Pairs("field", field)
	return failure(codes.InvalidArgument, field+" "+problem, trailers, about)
}

// InvalidUser says what is wrong with the fields of a user.
func InvalidUser(violations []Violation) *Error {
	request := &errdetails.BadRequest{}
	for _, violation := range violations {
		request.FieldViolations = append(request.FieldViolations, &errdetails.BadRequest_FieldViolation{
			Field:       violation.Field,
			Description: violation.Description,
		})
	}
	listed, err := json.Marshal(violations)
	if err != nil {
		panic(err) // strings are always JSON
	}
	trailers := metadata.Pairs("validation-errors", string(listed))
	return failure(codes.InvalidArgument, "the user is not valid", trailers, info("INVALID_USER", nil), request)
}

// BatchTooLarge says how many users a batch may have.
func BatchTooLarge(limit int) *Error {
	message := fmt.Sprintf("a batch has at most %d users", limit)
	about := info("BATCH_TOO_LARGE", map[string]string{"limit": fmt.Sprint(limit)})
	return failure(codes.ResourceExhausted, message, nil, about)
}

func info(reason string, about map[string]string) *errdetails.ErrorInfo {
	return &errdetails.ErrorInfo{Reason: reason, Domain: domain, Metadata: about}
}

func failure(code codes.Code, message string, trailers metadata.MD, details ...protoadapt.MessageV1) *Error {
	failed, err := status.New(code, message).WithDetails(details...)
	if err != nil {
		panic(err) // no code here is OK, and the messages can all be encoded
	}
	return &Error{Status: failed, Trailers: trailers}
}
