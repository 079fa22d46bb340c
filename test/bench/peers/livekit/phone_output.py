"""Plays what the agent says on the phone, no further ahead of the caller's ear than a fixed lead."""

import asyncio
import base64
import json
import time

from livekit.agents.voice.io import AudioOutput, AudioOutputCapabilities

RATE_HZ = 8000
BYTES_PER_S = RATE_HZ * 2
# Exotel takes multiples of 320 bytes; 1600 are 100 ms.
EXOTEL_BYTES = 320
CHUNK_BYTES = 1600
# What the phone holds besides what it plays: a late chunk is not heard as a gap.
LEAD_S = 0.4


class PhoneOutput(AudioOutput):
    """Playback as the phone has it: begun with the first chunk, finished when the last is heard, interrupted by `clear`."""

    def __init__(self, exotel, stream_sid):
        # the session brings the model's 24 kHz to this rate by rtc.AudioResampler
        super().__init__(
            label="Exotel", capabilities=AudioOutputCapabilities(pause=False), sample_rate=RATE_HZ
        )
        self._exotel = exotel
        self._stream_sid = stream_sid
        self._changed = asyncio.Event()
        self._waiting = bytearray()
        self._is_segment = False
        self._is_flushed = False
        self._is_clear_due = False
        self._sent_s = 0.0
        # when the phone will have played all it was sent, by time.monotonic
        self._dry_at = 0.0

    async def capture_frame(self, frame):
        await super().capture_frame(frame)
        self._is_segment = True
        self._waiting += frame.data.tobytes()
        self._changed.set()

    def flush(self):
        super().flush()
        self._is_flushed = self._is_segment
        self._changed.set()

    def clear_buffer(self):
        if not self._is_segment:
            return
        queued_s = max(0.0, self._dry_at - time.monotonic())
        self._waiting.clear()
        self._is_clear_due = queued_s > 0
        self._dry_at = 0.0
        self._changed.set()
        self._finish(self._sent_s - queued_s, interrupted=True)

    async def play(self):
        """Sends what is due, for as long as the call lasts."""
        try:
            await self._keep_playing()
        except ConnectionResetError:
            pass  # the caller hung up; the session is closed, which clears what is left

    async def _keep_playing(self):
        while True:
            if self._is_clear_due:
                self._is_clear_due = False
                await self._send("clear")
                continue
            ahead_s = self._dry_at - time.monotonic()
            if len(self._waiting) >= CHUNK_BYTES or (self._is_flushed and self._waiting):
                if ahead_s <= LEAD_S:
                    await self._send_chunk()
                else:
                    await self._change(ahead_s - LEAD_S)
            elif self._is_flushed and ahead_s <= 0:
                self._finish(self._sent_s, interrupted=False)
            else:
                await self._change(ahead_s if self._is_flushed else None)

    async def _send_chunk(self):
        if self._sent_s == 0:
            self.on_playback_started(created_at=time.time())
        chunk = bytes(self._waiting[:CHUNK_BYTES])
        del self._waiting[:CHUNK_BYTES]
        chunk += bytes(-len(chunk) % EXOTEL_BYTES)
        self._dry_at = max(self._dry_at, time.monotonic()) + len(chunk) / BYTES_PER_S
        self._sent_s += len(chunk) / BYTES_PER_S
        await self._send("media", media={"payload": base64.b64encode(chunk).decode()})

    def _finish(self, position_s, *, interrupted):
        self._is_segment = self._is_flushed = False
        self._sent_s = 0.0
        self.on_playback_finished(playback_position=max(0.0, position_s), interrupted=interrupted)

    async def _change(self, longest_s):
        """Until something changed, or for so long."""
        try:
            async with asyncio.timeout(longest_s):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    async def _send(self, event, **fields):
        await self._exotel.send_str(
            json.dumps({"event": event, "stream_sid": self._stream_sid, **fields})
        )
