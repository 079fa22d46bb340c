import { describe, expect, it } from 'vitest';
import { CarrierWriter, readServerMessage } from '../../src/console/phone/carrier-messages.ts';
import { PhoneQueue } from '../../src/console/phone/phone-queue.ts';
import { parseExotelFrame } from '../../src/exotel/codec/index.ts';

describe('the queue of a phone in the browser', () => {
  const ramp = (from: number, length: number): Float32Array =>
    Float32Array.from({ length }, (_, at) => from + at);
  const pull = (queue: PhoneQueue, length: number): { samples: number[]; marks: string[] } => {
    const out = new Float32Array(length);
    const marks = queue.pull(out);
    return { samples: [...out], marks };
  };

  it('plays chunks one after the other, and silence where there is nothing', () => {
    const queue = new PhoneQueue();
    queue.push(ramp(1, 3));
    queue.push(ramp(4, 2));
    expect(pull(queue, 4).samples).toEqual([1, 2, 3, 4]);
    expect(pull(queue, 4).samples).toEqual([5, 0, 0, 0]);
    expect(queue.depth).toBe(0);
  });

  it('returns a mark once the audio before it has played', () => {
    const queue = new PhoneQueue();
    queue.push(ramp(0, 6));
    queue.mark('a');
    queue.push(ramp(0, 4));
    queue.mark('b');
    expect(pull(queue, 4).marks).toEqual([]);
    expect(pull(queue, 4).marks).toEqual(['a']);
    expect(pull(queue, 4).marks).toEqual(['b']);
    queue.mark('on an empty queue');
    expect(pull(queue, 4).marks).toEqual(['on an empty queue']);
  });

  it('drops at a clear what has not begun to play, with the marks behind it', () => {
    const queue = new PhoneQueue();
    queue.push(ramp(1, 6));
    queue.mark('of what plays');
    queue.push(ramp(7, 6));
    queue.mark('of what was dropped');
    pull(queue, 2);
    expect(queue.clear()).toEqual({ droppedSamples: 6, marks: ['of what was dropped'] });
    expect(pull(queue, 6)).toEqual({ samples: [3, 4, 5, 6, 0, 0], marks: ['of what plays'] });
    expect(queue.clear()).toEqual({ droppedSamples: 0, marks: [] });
  });

  it('counts a gap in the middle of speech, none at its end', () => {
    const queue = new PhoneQueue();
    queue.push(ramp(1, 6));
    pull(queue, 4);
    pull(queue, 4);
    expect(queue.gaps).toBe(0);
    queue.push(ramp(1, 6));
    expect(queue.gaps).toBe(1);
    queue.mark('the end');
    pull(queue, 4);
    pull(queue, 4);
    queue.push(ramp(1, 6));
    expect(queue.gaps).toBe(1);
    pull(queue, 10_000);
    pull(queue, 10_000);
    queue.push(ramp(1, 6));
    expect(queue.gaps).toBe(1);
  });
});

describe('what a phone in the browser sends', () => {
  const writer = new CarrierWriter({
    streamSid: '5b0c7e1f92ad4e6610cc83f7a9d21b6p',
    callSid: 'e7714ac09d3356bb20f18e94c5a71b6p',
    from: '09000000001',
    to: '08000000002',
    parameters: { tenant: 'acme' },
  });
  const pcm = Int16Array.from({ length: 160 }, (_, at) => at * 100 - 8000);

  it.each([
    ['connected', writer.connected()],
    ['start', writer.start()],
    ['media', writer.media(pcm)],
    ['dtmf', writer.dtmf('#')],
    ['mark', writer.mark('utt-1')],
    ['stop', writer.stop()],
  ])('is read by the server: %s', (event, text) => {
    expect(parseExotelFrame(Buffer.from(text), false)).toMatchObject({ kind: event });
  });

  it('carries the samples as they are', () => {
    expect(readServerMessage(writer.media(pcm))).toEqual({
      event: 'media',
      samples: Float32Array.from(pcm, (sample) => sample / 32_768),
    });
  });

  it.each(['', '{', '[]', '{"event":"media"}', '{"event":"mark","mark":{}}', '{"event":"other"}'])(
    'passes over what Exotel would pass over: %s',
    (text) => expect(readServerMessage(text)).toBeUndefined(),
  );
});
