"""LiveKit Agents on a phone line: an AgentSession for each call, its audio from and to Exotel instead of a room."""

import asyncio
import base64
import json
import os
import signal

from aiohttp import WSMsgType, web
from google.genai._api_client import BaseApiClient
from livekit import rtc
from livekit.agents import Agent, AgentSession
from livekit.agents.voice.io import AudioInput
from livekit.plugins.google.realtime import RealtimeModel

from phone_output import RATE_HZ, PhoneOutput

MODEL = "gemini-3.8-live"
# Frames that wait for a session that is not there yet; older ones are dropped: 10 s.
LONGEST_INPUT_FRAMES = 500

# The SDK dials by TLS whatever the base URL is; a simulated Gemini on this machine has none.
BASE_URL = os.environ.get("GOOGLE_GEMINI_BASE_URL", "")
if BASE_URL.startswith("http:"):

    def plain_base_url(self, *_):
        self._websocket_ssl_ctx = {}
        return BASE_URL.replace("http:", "ws:", 1)

    BaseApiClient._websocket_base_url = plain_base_url


class PhoneInput(AudioInput):
    """What the caller says, as it comes: the plugin brings it from 8 to 16 kHz by rtc.AudioResampler."""

    def __init__(self):
        super().__init__(label="Exotel")
        self._frames = asyncio.Queue(LONGEST_INPUT_FRAMES)

    def push(self, audio):
        if self._frames.full():
            self._frames.get_nowait()
        self._frames.put_nowait(rtc.AudioFrame(audio, RATE_HZ, 1, len(audio) // 2))

    async def __anext__(self):
        return await self._frames.get()


async def converse(exotel, start):
    phone_in = PhoneInput()
    phone_out = PhoneOutput(exotel, start["stream_sid"])
    session = AgentSession(
        llm=RealtimeModel(model=MODEL, api_key=os.environ["GEMINI_API_KEY"]),
        # else the model hears silence instead of the caller for the first 3 s of speech; the library leaves it out on phone lines too
        aec_warmup_duration=None,
        # only with a detector of its own, and the model detects
        turn_handling={"interruption": {"resume_false_interruption": False}},
    )
    session.input.audio = phone_in
    session.output.audio = phone_out
    closing = set()

    def hang_up(_):
        closing.add(asyncio.create_task(exotel.close()))

    session.on("close", hang_up)
    playing = asyncio.create_task(phone_out.play())
    try:
        await session.start(Agent(instructions=f"You take calls. caller={start['from']}"))
        session.generate_reply(instructions="Greet the caller.")
        async for message in exotel:
            if message.type is not WSMsgType.TEXT:
                continue
            event = json.loads(message.data)
            if event["event"] == "media":
                phone_in.push(base64.b64decode(event["media"]["payload"]))
            elif event["event"] == "stop":
                return
    finally:
        session.off("close", hang_up)
        await session.aclose()
        playing.cancel()


async def handle(request):
    exotel = web.WebSocketResponse(compress=False)
    await exotel.prepare(request)
    async for message in exotel:
        event = json.loads(message.data)
        if event["event"] == "start":
            await converse(exotel, event["start"])
            break
    return exotel


async def main():
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    app = web.Application()
    app.router.add_get("/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(os.environ["PORT"])).start()
    print("listening", flush=True)
    await stopped.wait()
    await runner.cleanup()


asyncio.run(main())
