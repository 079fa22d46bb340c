"""A bridge of pipecat's own parts: Exotel's frames, Gemini Live, one pipeline for each call, all in one process."""

import os
import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger

# before pipecat is imported: it logs on import
logger.remove()
logger.add(sys.stderr, level="WARNING")

from pipecat.frames.frames import LLMRunFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.exotel import ExotelFrameSerializer
from pipecat.services.google.gemini_live.llm import GeminiLiveLLMService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

BASE_URL = os.environ.get("GOOGLE_GEMINI_BASE_URL", "")


class GeminiLive(GeminiLiveLLMService):
    """The SDK dials by TLS whatever the base URL is; a simulated Gemini on this machine has none."""

    def create_client(self):
        super().create_client()
        if BASE_URL.startswith("http:"):
            api = self._client._api_client
            api._websocket_base_url = lambda *_: BASE_URL.replace("http:", "ws:", 1).rstrip("/")
            api._websocket_ssl_ctx = {}


async def take_call(websocket: WebSocket):
    await websocket.accept()
    _, call = await parse_telephony_websocket(websocket)
    transport = FastAPIWebsocketTransport(
        websocket=websocket,
        params=FastAPIWebsocketParams(
            audio_in_enabled=True,
            audio_out_enabled=True,
            serializer=ExotelFrameSerializer(
                stream_sid=call["stream_id"], call_sid=call["call_id"]
            ),
        ),
    )
    llm = GeminiLive(
        api_key=os.environ["GEMINI_API_KEY"],
        http_options={"base_url": BASE_URL} if BASE_URL else None,
        settings=GeminiLiveLLMService.Settings(
            system_instruction=f"You take calls. caller={call['from']}"
        ),
    )
    context = LLMContext([{"role": "user", "content": "Greet the caller."}])
    user, assistant = LLMContextAggregatorPair(context)
    worker = PipelineWorker(
        Pipeline([transport.input(), user, llm, transport.output(), assistant]),
        params=PipelineParams(audio_out_sample_rate=8000),
    )

    @transport.event_handler("on_client_connected")
    async def greet(*_):
        await worker.queue_frames([LLMRunFrame()])

    @transport.event_handler("on_client_disconnected")
    async def hang_up(*_):
        await worker.cancel()

    # uvicorn takes the signals
    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    await runner.run()


class Server(uvicorn.Server):
    """Tells when it takes connections."""

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        print("listening", flush=True)


app = FastAPI()
app.add_api_websocket_route("/{path:path}", take_call)
Server(
    uvicorn.Config(
        app,
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        log_level="warning",
        timeout_graceful_shutdown=2,
    )
).run()
