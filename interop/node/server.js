// Serves users on a free port, and says which, until standard input ends.
'use strict';

const grpc = require('@grpc/grpc-js');
const errors = require('./errors');
const { UserService } = require('./protos');

const LARGEST_BATCH = 1000;
const users = new Map();

function getUser(call, callback) {
  const { id } = call.request;
  if (!id) {
    return callback(errors.invalidField('id', 'is required'));
  }
  const user = users.get(id);
  return user ? callback(null, user) : callback(errors.userNotFound(id));
}

function createUser(call, callback) {
  const error = validate(call.request);
  return error ? callback(error) : callback(null, create(call.request));
}

function listUsers(call) {
  const { page_size: size, page_token: token } = call.request;
  const ids = [...users.keys()];
  const start = token ? ids.indexOf(token) + 1 : 0;
  if (size < 0) {
    return call.emit('error', errors.invalidField('page_size', 'is negative'));
  }
  if (token && start === 0) {
    return call.emit('error', errors.invalidField('page_token', 'is not where a page ended'));
  }
  for (const id of ids.slice(start, size ? start + size : undefined)) {
    call.write(users.get(id));
  }
  return call.end();
}

function createUserBatch(call, callback) {
  const batch = [];
  let refused = false;
  const refuse = (error) => {
    refused = true;
    callback(error);
  };
  call.on('data', (request) => {
    // What was on its way when the call was refused still arrives.
    if (refused) {
      return;
    }
    const error = validate(request);
    if (error) {
      refuse(error);
    } else if (batch.length === LARGEST_BATCH) {
      refuse(errors.batchTooLarge(LARGEST_BATCH));
    } else {
      batch.push(request);
    }
  });
  call.on('end', () => {
    if (!refused) {
      const ids = batch.map((request) => create(request).id);
      callback(null, { user_ids: ids, created_count: ids.length });
    }
  });
}

function userEvents(call) {
  let sleeps = false;
  call.on('data', ({ event_type: type }) => {
    if (type === 'sleep') {
      sleeps = true; // Nothing comes before the deadline of the call.
      return;
    }
    if (type === 'deadline') {
      call.write({ acknowledged: true, message: String(call.getDeadline() - Date.now()) });
    } else if (type) {
      call.write({ acknowledged: true, message: `took ${type}` });
    } else {
      call.emit('error', errors.invalidField('event_type', 'is required'));
    }
  });
  call.on('end', () => {
    if (!sleeps) {
      call.end();
    }
  });
}

function create({ name, email }) {
  const id = `user-${users.size + 1}`;
  const user = { id, name, email, created_at: { seconds: Math.floor(Date.now() / 1000) } };
  users.set(id, user);
  return user;
}

/** The error that a user is, if it is one. */
function validate({ name, email }) {
  const violations = [];
  if (!name.trim()) {
    violations.push({ field: 'name', description: 'a user has a name' });
  }
  if (!/^[^@]+@./s.test(email)) {
    const description = 'an address has something on both sides of an @';
    violations.push({ field: 'email', description });
  }
  return violations.length > 0 ? errors.invalidUser(violations) : null;
}

const server = new grpc.Server();
server.addService(UserService.service, {
  GetUser: getUser,
  CreateUser: createUser,
  ListUsers: listUsers,
  CreateUserBatch: createUserBatch,
  UserEvents: userEvents,
});
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(`listening on ${port}`);
});
process.stdin.on('end', () => server.forceShutdown()).resume();
