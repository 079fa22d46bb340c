import { LiveCall, loadApology } from '../../../../src/call/index.ts';
import { createLog } from '../../../../src/observe/index.ts';
import { SharedPlayoutClock } from '../../../../src/playout/index.ts';
import { EnergyScorer } from '../../../../src/speech/index.ts';
import { SimulatedClock } from '../../../../src/time/index.ts';
import { memorySocketPair } from '../../../../src/wire/index.ts';
import { agentOf } from '../../../helpers/simulated-call.ts';
import { type Subject, usualCall } from '../subject.ts';

const start = JSON.stringify({
  event: 'start',
  stream_sid: 'stream-1',
  sequence_number: '1',
  start: {
    stream_sid: 'stream-1',
    call_sid: 'call-1',
    account_sid: 'bench',
    from: '09000000000',
    to: '08000000000',
    media_format: { encoding: 'base64', sample_rate: '8000', bit_rate: '128kbps' },
  },
});

/** All that a call is made of, from its socket to its end, with a model that has not answered by then. */
export async function callSetup(): Promise<Subject> {
  const clock = new SimulatedClock();
  const sharedClock = new SharedPlayoutClock(clock);
  const agent = agentOf('');
  const apology = loadApology();
  const log = createLog({ level: 'silent' });
  let over = 0;
  const one = async (at: number): Promise<void> => {
    const [near, far] = memorySocketPair(clock, 0);
    near.listen({ onFrame: () => undefined, onClose: () => undefined });
    const call = new LiveCall({
      callId: `call-${at}`,
      clock,
      sharedClock,
      log,
      socket: far,
      agent,
      access: { apiKey: 'bench', baseUrl: 'http://gemini.simulated' },
      dial: () => memorySocketPair(clock, 0)[0],
      scorer: new EnergyScorer(),
      apology,
      observers: [],
      onOver: () => {
        over += 1;
      },
    });
    call.start();
    clock.advance(1);
    near.send('{"event":"connected"}');
    near.send(start);
    clock.advance(20);
    // the SDK connects in promises
    await new Promise((resolve) => setImmediate(resolve));
    near.send('{"event":"stop","stream_sid":"stream-1"}');
    near.close(1000);
    clock.advance(5000);
  };
  return {
    operations: [
      {
        what: 'a call: set up all its parts and actors, and end them',
        perCallSecond: 1 / usualCall.lengthS,
        run: async (times) => {
          const before = over;
          for (let at = 0; at < times; at += 1) await one(at);
          if (over - before !== times)
            throw new Error(`expected ${times} calls to end, found ${over - before}`);
        },
      },
    ],
  };
}
