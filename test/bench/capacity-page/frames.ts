import { z } from 'zod';
import type { SampleRateHz } from '../../../src/audio/index.ts';
import { ExotelWriter } from '../../../src/exotel/index.ts';
import { modelOutputRateHz } from '../../../src/gemini/index.ts';
import { ExotelWriter as CarrierWriter } from '../../../src/sim/exotel/exotel-writer.ts';
import { liveProfile } from '../../../src/sim/exotel/profile.ts';
import { audioContent, encodeMessage } from '../../../src/sim/gemini/server-messages.ts';
import { SimulatedClock } from '../../../src/time/index.ts';
import { type FrameSocket, memorySocketPair } from '../../../src/wire/index.ts';
import { WireRig } from '../../gemini/wire-rig.ts';

/** One direction of one leg while audio flows: a real frame, how often it comes, and who sends it. */
export interface Flow {
  readonly name: string;
  /** Payload of one WebSocket message, bytes. */
  readonly frameBytes: number;
  readonly frameMs: number;
  /** The audio in it, bytes. */
  readonly audioBytes: number;
  /** Clients mask what they send (RFC 6455, section 5.3), which takes 4 bytes. */
  readonly isMasked: boolean;
  readonly direction: 'in' | 'out';
}

const callRateHz: SampleRateHz = 8000;
const sid = 'd3ab34b1c0f2471a9e6b5c7d8e9f019m';

/** Ten minutes into a call: counters have as many digits as they mostly have. */
const minutesIn = 10;

/** Frames as both links send and receive them; `chunkMs` is what Baari puts into one message to Exotel. */
export async function realFlows(chunkMs: number): Promise<readonly Flow[]> {
  return [fromExotel(), toExotel(chunkMs), await toGemini(), fromGemini()];
}

/** Exotel: 20 ms a message, silence too, as on live calls. */
function fromExotel(): Flow {
  const { frameMs } = liveProfile;
  const writer = new CarrierWriter(liveProfile, {
    streamSid: sid,
    callSid: sid,
    accountSid: 'baari1',
    from: '09000000001',
    to: '08000000001',
    sampleRateHz: callRateHz,
    customParameters: undefined,
  });
  const pcm = new Int16Array((callRateHz * frameMs) / 1000);
  const frames = (minutesIn * 60_000) / frameMs;
  let last = '';
  for (let at = 1; at <= frames; at += 1) last = writer.media(pcm, at * frameMs);
  return flow('Exotel → Baari', last, frameMs, pcm, true, 'in');
}

function toExotel(chunkMs: number): Flow {
  const writer = new ExotelWriter(sid, callRateHz);
  const pcm = new Int16Array((callRateHz * chunkMs) / 1000);
  const frames = (minutesIn * 60_000) / chunkMs;
  let last = '';
  for (let at = 1; at <= frames; at += 1) last = writer.media(pcm);
  return flow('Baari → Exotel', last, chunkMs, pcm, false, 'out');
}

const sentAudio = z.object({ realtimeInput: z.object({ audio: z.object({ data: z.string() }) }) });

/** The very frame that the SDK makes of one frame of Exotel's. */
async function toGemini(): Promise<Flow> {
  const clock = new SimulatedClock();
  let last = '';
  const dial = (): FrameSocket => {
    const [near, far] = memorySocketPair(clock, 0);
    far.listen({
      onFrame: (data) => {
        last = data.toString();
        if (last.startsWith('{"setup"')) far.send(JSON.stringify({ setupComplete: {} }));
      },
      onClose: () => undefined,
    });
    return near;
  };
  const rig = new WireRig({ clock, dial, settings: { turnOwner: 'gemini' } });
  await rig.connect();
  await rig.hear(1000);
  rig.wire.dispose();
  await clock.run(10_000);
  const { data } = sentAudio.parse(JSON.parse(last)).realtimeInput.audio;
  const pcm = new Int16Array(Buffer.from(data, 'base64').length / 2);
  return flow('Baari → Gemini', last, liveProfile.frameMs, pcm, true, 'out');
}

/** Google does not say how long its pieces are: 40 to 240 ms were seen; the envelope of one of 100 ms. */
function fromGemini(): Flow {
  const pieceMs = 100;
  const pcm = new Int16Array((modelOutputRateHz * pieceMs) / 1000);
  const frame = encodeMessage({ serverContent: audioContent(pcm) });
  return flow('Gemini → Baari', frame, pieceMs, pcm, false, 'in');
}

function flow(
  name: string,
  frame: string | Buffer,
  frameMs: number,
  pcm: Int16Array,
  isMasked: boolean,
  direction: Flow['direction'],
): Flow {
  return {
    name,
    frameBytes: Buffer.byteLength(frame),
    frameMs,
    audioBytes: pcm.byteLength,
    isMasked,
    direction,
  };
}

/** RFC 8446, section 5.2: five bytes of header, one of type and a tag of 16 for each record of 16 KiB at most. */
const tls = { overheadBytes: 22, mostBytes: 16_384 };
/** IPv4 (20), TCP with time stamps (32); what is left of 1500 bytes for data. */
const tcp = { overheadBytes: 52, mostBytes: 1448 };

/** Bytes of one message as they are counted at the network layer, over TLS 1.3, TCP and IPv4. */
export function wireBytes({ frameBytes, isMasked }: Pick<Flow, 'frameBytes' | 'isMasked'>): number {
  const length = frameBytes < 126 ? 0 : frameBytes < 65_536 ? 2 : 8;
  const message = 2 + length + (isMasked ? 4 : 0) + frameBytes;
  const sealed = message + Math.ceil(message / tls.mostBytes) * tls.overheadBytes;
  return sealed + Math.ceil(sealed / tcp.mostBytes) * tcp.overheadBytes;
}

/** kbit/s of a flow without pause, its acknowledgements (one for two segments) not counted. */
export function kbitPerSecond(one: Flow): number {
  return (wireBytes(one) * 8) / one.frameMs;
}

/** kbit/s of acknowledgements the other way. */
export function ackKbitPerSecond({ frameBytes, frameMs }: Flow): number {
  return (Math.ceil(frameBytes / tcp.mostBytes) * tcp.overheadBytes * 8) / 2 / frameMs;
}
