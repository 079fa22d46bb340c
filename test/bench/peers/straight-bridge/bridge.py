"""A bridge as one writes it first: the SDK, ratecv, and a reply that is sent once it is there."""

import asyncio
import audioop
import base64
import json
import os
import signal

from google import genai
from google.genai import types
from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

MODEL = "gemini-3.8-live"
# Exotel takes multiples of 320 bytes: 20 ms at 8 kHz.
CHUNK_BYTES = 320

client = genai.Client(api_key=os.environ["GEMINI_API_KEY"])

# The SDK dials by TLS whatever the base URL is; a simulated Gemini on this machine has none.
BASE_URL = os.environ.get("GOOGLE_GEMINI_BASE_URL", "")
if BASE_URL.startswith("http:"):
    client._api_client._websocket_base_url = lambda *_: BASE_URL.replace("http:", "ws:")
    client._api_client._websocket_ssl_ctx = {}


async def caller_to_model(exotel, session):
    state = None
    async for message in exotel:
        event = json.loads(message)
        if event["event"] == "stop":
            return
        if event["event"] != "media":
            continue
        audio = base64.b64decode(event["media"]["payload"])
        audio, state = audioop.ratecv(audio, 2, 1, 8000, 16000, state)
        await session.send_realtime_input(
            audio=types.Blob(data=audio, mime_type="audio/pcm;rate=16000")
        )


async def model_to_caller(exotel, session, stream_sid):
    async def send(event, **fields):
        await exotel.send(json.dumps({"event": event, "stream_sid": stream_sid, **fields}))

    turn = bytearray()
    while True:
        # one turn of the model; it ends with turn_complete
        async for message in session.receive():
            content = message.server_content
            if not content:
                continue
            for part in (content.model_turn and content.model_turn.parts) or []:
                if part.inline_data:
                    turn += part.inline_data.data
            if content.interrupted:
                turn.clear()
                await send("clear")
            if content.generation_complete and turn:
                audio, _ = audioop.ratecv(bytes(turn), 2, 1, 24000, 8000, None)
                turn.clear()
                for at in range(0, len(audio), CHUNK_BYTES):
                    chunk = audio[at : at + CHUNK_BYTES].ljust(CHUNK_BYTES, b"\0")
                    await send("media", media={"payload": base64.b64encode(chunk).decode()})


async def handle(exotel):
    async for message in exotel:
        event = json.loads(message)
        if event["event"] == "start":
            start = event["start"]
            break
    else:
        return
    config = types.LiveConnectConfig(
        response_modalities=["AUDIO"],
        system_instruction=f"You take calls. caller={start['from']}",
    )
    async with client.aio.live.connect(model=MODEL, config=config) as session:
        await session.send_realtime_input(text="Greet the caller.")
        ways = [
            asyncio.create_task(caller_to_model(exotel, session)),
            asyncio.create_task(model_to_caller(exotel, session, start["stream_sid"])),
        ]
        done, pending = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in pending:
            way.cancel()
        for way in done:
            try:
                way.result()
            except ConnectionClosed:
                pass  # the caller hung up


async def main():
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    async with serve(handle, "127.0.0.1", int(os.environ["PORT"])):
        print("listening", flush=True)
        await stopped.wait()


asyncio.run(main())
