// What the protos say: the service, and the messages that details of errors are.
'use strict';

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const protobuf = require('protobufjs');

const root = path.join(__dirname, '..', '..');
const includeDirs = ['examples/user-service/proto', 'proto'].map((folder) => path.join(root, folder));

const definition = loader.loadSync('user/v1/user_service.proto', { keepCase: true, includeDirs });
const { UserService } = grpc.loadPackageDefinition(definition).user.v1;

const google = new protobuf.Root();
google.resolvePath = (_, target) =>
  target.startsWith('google/protobuf/') ? target : path.join(root, 'proto', target);
google.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
const type = (name) => google.lookupType(`google.rpc.${name}`);

module.exports = {
  UserService,
  Status: type('Status'),
  ErrorInfo: type('ErrorInfo'),
  BadRequest: type('BadRequest'),
};
