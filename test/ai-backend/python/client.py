"""A client written from proto/ai_backend.proto alone. Asks one question for each line of JSON it reads, and prints what came."""
import json
import sys

import grpc

sys.path.insert(0, sys.argv[1])
import ai_backend_pb2 as messages
import ai_backend_pb2_grpc as services

stub = services.AIServiceStub(grpc.insecure_channel(sys.argv[2]))

for line in sys.stdin:
    question = json.loads(line)
    cancel_after = question.pop("cancel_after", None)
    chunks = []
    call = stub.StreamChat(messages.ChatMessage(**question), timeout=20)
    try:
        for chunk in call:
            chunks.append({"text": chunk.text, "done": chunk.done})
            if len(chunks) == cancel_after:
                call.cancel()
    except grpc.RpcError:
        # The status says it.
        pass
    print(json.dumps({"chunks": chunks, "status": call.code().name, "details": call.details()}), flush=True)
