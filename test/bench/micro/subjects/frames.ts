import { encodePcm16Base64, Pcm16Base64Decoder } from '../../../../src/audio/index.ts';
import { ExotelWriter, parseExotelFrame } from '../../../../src/exotel/index.ts';
import { readServerFrame } from '../../../../src/gemini/server-message.ts';
import { audioFrame } from '../../../../src/gemini/session.ts';
import { chunksPerSecond, framesPerSecond, type Subject, usualCall } from '../subject.ts';
import { again, inTurn, voicePieces } from '../voice.ts';

/** What is read and written on the two sockets. */
export async function frames(): Promise<Subject> {
  const ofCaller = await voicePieces(8000, 20);
  const toLine = inTurn(await voicePieces(8000, 40));
  const toModel = inTurn(await voicePieces(16_000, 20));
  const ofModel = (await voicePieces(24_000, 40)).map((pcm) => encodePcm16Base64(pcm));
  const media = inTurn(ofCaller.map((pcm, at) => Buffer.from(mediaFrame(pcm, at))));
  const message = inTurn(ofModel.map((data) => Buffer.from(audioMessage(data))));
  const texts = inTurn(ofModel);
  const decoder = new Pcm16Base64Decoder();
  let writer = new ExotelWriter('stream-1', 8000);
  return {
    operations: [
      {
        what: 'Exotel: read a media frame of 20 ms',
        perCallSecond: framesPerSecond,
        run: again(() => {
          const read = parseExotelFrame(media(), false);
          if (read.kind !== 'media') throw new Error(`expected media, found ${read.kind}`);
        }),
      },
      {
        what: 'Exotel: build a media frame of 40 ms',
        perCallSecond: chunksPerSecond,
        run: (count) => {
          writer = new ExotelWriter('stream-1', 8000);
          for (let at = 0; at < count; at += 1) writer.media(toLine());
        },
      },
      {
        what: 'Gemini: read a message with 40 ms of audio',
        perCallSecond: chunksPerSecond,
        run: again(() => {
          const read = readServerFrame(message());
          if ('problem' in read) throw new Error(read.problem);
        }),
      },
      {
        what: 'Gemini: decode its base64, 40 ms at 24 kHz',
        perCallSecond: chunksPerSecond,
        run: again(() => decoder.decode(texts())),
      },
      {
        what: 'Gemini: build realtimeInput of 20 ms',
        perCallSecond: framesPerSecond * usualCall.callerSpeaks,
        run: again(() => audioFrame(toModel())),
      },
      {
        what: 'base64: encode 20 ms at 16 kHz',
        perCallSecond: framesPerSecond * usualCall.callerSpeaks,
        within: 'building realtimeInput',
        run: again(() => encodePcm16Base64(toModel())),
      },
    ],
  };
}

function mediaFrame(pcm: Int16Array, at: number): string {
  const media = { chunk: String(at + 1), timestamp: String(at * 20), payload: encodePcm16Base64(pcm) };
  return JSON.stringify({ event: 'media', sequence_number: String(at + 2), stream_sid: 'stream-1', media });
}

function audioMessage(data: string): string {
  const part = { inlineData: { mimeType: 'audio/pcm;rate=24000', data } };
  return JSON.stringify({ serverContent: { modelTurn: { parts: [part] } } });
}
