// The errors of the service, as grpc-js takes them.
'use strict';

const { Metadata, status } = require('@grpc/grpc-js');
const { BadRequest, ErrorInfo, Status } = require('./protos');

const DOMAIN = 'users.example.com';

function userNotFound(id) {
  return error(status.NOT_FOUND, `there is no user ${id}`, [info('USER_NOT_FOUND', { id })]);
}

function invalidField(field, problem) {
  const details = [info('INVALID_FIELD', { field, problem })];
  return error(status.INVALID_ARGUMENT, `${field} ${problem}`, details, { field });
}

function invalidUser(violations) {
  const details = [
    info('INVALID_USER', {}),
    packed('BadRequest', BadRequest, { fieldViolations: violations }),
  ];
  const trailers = { 'validation-errors': JSON.stringify(violations) };
  return error(status.INVALID_ARGUMENT, 'the user is not valid', details, trailers);
}

function batchTooLarge(limit) {
  const details = [info('BATCH_TOO_LARGE', { limit: String(limit) })];
  return error(status.RESOURCE_EXHAUSTED, `a batch has at most ${limit} users`, details);
}

function info(reason, metadata) {
  return packed('ErrorInfo', ErrorInfo, { reason, domain: DOMAIN, metadata });
}

function packed(name, type, message) {
  const value = type.encode(message).finish();
  // protobufjs calls fields of this one as the proto does.
  return { type_url: `type.googleapis.com/google.rpc.${name}`, value };
}

function error(code, message, details, trailers = {}) {
  const metadata = new Metadata();
  const bytes = Status.encode({ code, message, details }).finish();
  metadata.set('grpc-status-details-bin', Buffer.from(bytes));
  for (const [key, value] of Object.entries(trailers)) {
    metadata.set(key, value);
  }
  return { code, details: message, metadata };
}

module.exports = { userNotFound, invalidField, invalidUser, batchTooLarge };
