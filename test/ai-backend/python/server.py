"""An AI backend written from proto/ai_backend.proto alone. Prints its port, and a line for each call that was cancelled."""
import sys
import threading
from concurrent import futures

import grpc

sys.path.insert(0, sys.argv[1])
import ai_backend_pb2 as messages
import ai_backend_pb2_grpc as services


class Amanda(services.AIServiceServicer):
    def __init__(self):
        self.heard = {}

    def StreamChat(self, request, context):
        heard = self.heard.setdefault((request.user_id, request.chat_id), [])
        before = len(heard)
        heard.append(request.message)
        if request.message.startswith("abort "):
            context.abort(grpc.StatusCode[request.message.split()[1]], "as you wish")
        gone = threading.Event()
        if request.message == "hang":
            # Before the first word: a caller may go as soon as it has that.
            context.add_callback(lambda: (gone.set(), print("cancelled", flush=True)))
        text = f"user {request.user_id} in chat {request.chat_id} after {before}: {request.message}"
        for word in text.split(" "):
            yield messages.ChatChunk(text=word + " ")
        if request.message == "raise":
            raise RuntimeError("a fault of the backend")
        if request.message == "end":
            return
        if request.message == "hang":
            gone.wait()
            return
        yield messages.ChatChunk(done=True)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
services.add_AIServiceServicer_to_server(Amanda(), server)
print("port", server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
# It ends with the one who started it.
sys.stdin.read()
server.stop(0)
