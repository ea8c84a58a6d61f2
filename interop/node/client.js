// Calls a server with what it has to refuse, and prints what can be read of its errors, as JSON.
//
// client.js ADDRESS TOKEN SERVICE_CONFIG
'use strict';

const grpc = require('@grpc/grpc-js');
const { BadRequest, ErrorInfo, Status, UserService } = require('./protos');

const [address, token, serviceConfig] = process.argv.slice(2);
const options = { 'grpc.service_config': serviceConfig };
const users = new UserService(address, grpc.credentials.createInsecure(), options);
const authorized = new grpc.Metadata();
authorized.set('authorization', `Bearer ${token}`);

const sleepy = authorized.clone();
sleepy.set('x-sleep', '1');
const soon = () => ({ deadline: Date.now() + 200 });

/** Calls a method that answers with one message, and gives it or the error. */
function one(method, request, metadata = authorized, options = {}) {
  return new Promise((resolve) => {
    const done = (error, answer) => resolve(error ? { error: read(error) } : { answer });
    // One that takes a stream is not given the request but returns what takes it.
    if (!Array.isArray(request)) {
      users[method](request, metadata, options, done);
      return;
    }
    const call = users[method](metadata, done);
    request.forEach((message) => call.write(message));
    call.end();
  });
}

/** Calls a method that answers with a stream, and gives its messages and the error at its end. */
function many(method, request) {
  return new Promise((resolve) => {
    const takesOne = !Array.isArray(request);
    const call = takesOne ? users[method](request, authorized) : users[method](authorized);
    const answers = [];
    call.on('data', (answer) => answers.push(answer));
    call.on('error', (error) => resolve({ answers, error: read(error) }));
    call.on('end', () => resolve({ answers, error: null }));
    if (!takesOne) {
      request.forEach((message) => call.write(message));
      call.end();
    }
  });
}

/** All that an error says, from each of the places where it says it. */
function read(error) {
  const [bytes] = error.metadata.get('grpc-status-details-bin');
  const status = bytes ? Status.decode(bytes) : null;
  const detail = (name, type) => {
    const any = status?.details.find((any) => any.type_url.endsWith(`/google.rpc.${name}`));
    return any ? type.decode(any.value) : null;
  };
  const info = detail('ErrorInfo', ErrorInfo);
  const violations = detail('BadRequest', BadRequest)?.fieldViolations ?? [];
  const trailers = {};
  const [field] = error.metadata.get('field');
  if (field !== undefined) {
    trailers.field = field;
  }
  const [json] = error.metadata.get('validation-errors');
  if (json !== undefined) {
    trailers['validation-errors'] = JSON.parse(json);
  }
  return {
    code: grpc.status[error.code],
    message: error.details,
    status: status && { code: status.code, message: status.message },
    reason: info && info.reason,
    domain: info && info.domain,
    metadata: info ? info.metadata : {},
    violations: violations.map(({ field, description }) => ({ field, description })),
    trailers,
  };
}

async function main() {
  const ada = { name: 'Ada', email: 'ada@example.com' };
  const { answer: created } = await one('CreateUser', ada);
  const { answer: found } = await one('GetUser', { id: created.id });
  const events = ['login', 'logout', ''].map((type) => ({ event_type: type }));
  const { answers, error } = await many('UserEvents', events);
  const batch = [ada, { name: 'Ada', email: '@' }];
  const seen = {
    get_user_unknown: (await one('GetUser', { id: 'Zoë 100%' })).error,
    get_user_empty: (await one('GetUser', {})).error,
    create_user_invalid: (await one('CreateUser', { name: ' ', email: 'ada' })).error,
    list_users_token: (await many('ListUsers', { page_token: 'nobody' })).error,
    create_user_batch_invalid: (await one('CreateUserBatch', batch)).error,
    user_events_untyped: { answers: answers.map(({ message }) => message), error },
    create_and_get: { name: found.name, email: found.email },
    no_token: (await one('GetUser', { id: 'user-1' }, new grpc.Metadata())).error ?? null,
    // The server sleeps where it is told to.
    sleeping: (await one('GetUser', { id: 'nobody' }, sleepy, soon())).error.code,
  };
  console.log(JSON.stringify(seen));
  users.close();
}

main();
