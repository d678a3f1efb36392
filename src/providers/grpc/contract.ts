import { logVerbosity, type ServiceDefinition, setLogVerbosity } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { aiBackendProto, type AIServiceDefinition } from './ai-backend-proto.ts';

// What the library has to say comes as statuses and errors; without this it is printed as well.
setLogVerbosity(logVerbosity.NONE);

type Contract = Parameters<typeof fromJSON>[0];

// A literal of JSON is wider than the type that it is an instance of.
const contract = fromJSON(aiBackendProto as Contract, { keepCase: true, defaults: true });

/** The contract of an AI backend, as gRPC wants it for a client and for a server. */
export const aiService = contract['amanda.ai.AIService'] as ServiceDefinition as AIServiceDefinition;
