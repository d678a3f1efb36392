// Made of proto/ai_backend.proto by `node scripts/generate-proto.mjs`: change that file, not this one.
import type * as grpc from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
export interface ChatMessage {
  user_id?: string;
  chat_id?: string;
  message?: string;
  first_name?: string;
}

export interface ChatMessage__Output {
  user_id: string;
  chat_id: string;
  message: string;
  first_name: string;
}
export interface ChatChunk {
  text?: string;
  done?: boolean;
}

export interface ChatChunk__Output {
  text: string;
  done: boolean;
}
export interface AIServiceClient extends grpc.Client {
  StreamChat(
    argument: ChatMessage,
    metadata: grpc.Metadata,
    options?: grpc.CallOptions,
  ): grpc.ClientReadableStream<ChatChunk__Output>;
  StreamChat(argument: ChatMessage, options?: grpc.CallOptions): grpc.ClientReadableStream<ChatChunk__Output>;
  streamChat(
    argument: ChatMessage,
    metadata: grpc.Metadata,
    options?: grpc.CallOptions,
  ): grpc.ClientReadableStream<ChatChunk__Output>;
  streamChat(argument: ChatMessage, options?: grpc.CallOptions): grpc.ClientReadableStream<ChatChunk__Output>;
}

export interface AIServiceHandlers extends grpc.UntypedServiceImplementation {
  StreamChat: grpc.handleServerStreamingCall<ChatMessage__Output, ChatChunk>;
}

export interface AIServiceDefinition extends grpc.ServiceDefinition {
  StreamChat: MethodDefinition<ChatMessage, ChatChunk, ChatMessage__Output, ChatChunk__Output>;
}
export const aiBackendProto = {
  nested: {
    amanda: {
      nested: {
        ai: {
          nested: {
            AIService: {
              methods: {
                StreamChat: { requestType: 'ChatMessage', responseType: 'ChatChunk', responseStream: true },
              },
            },
            ChatMessage: {
              fields: {
                user_id: { type: 'string', id: 1 },
                chat_id: { type: 'string', id: 2 },
                message: { type: 'string', id: 3 },
                first_name: { type: 'string', id: 4 },
              },
            },
            ChatChunk: { fields: { text: { type: 'string', id: 1 }, done: { type: 'bool', id: 2 } } },
          },
        },
      },
    },
  },
};
