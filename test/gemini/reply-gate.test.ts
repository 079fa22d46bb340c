import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ReplyBoundary, ReplyGate } from '../../src/gemini/reply-gate.ts';
import { SimulatedClock } from '../../src/time/index.ts';

/** One step of a course: audio of a reply, a boundary from the server, or something on our side. */
type Step =
  | 'audio'
  | ReplyBoundary
  | 'cancel'
  | 'callerStarts'
  | 'callerEnds'
  | 'reconnect'
  | `wait ${number}`;

/** Takes the steps; tells for each `audio` whether it was let through, for each boundary whether it counts. */
function run(steps: readonly Step[]): boolean[] {
  const clock = new SimulatedClock();
  const gate = new ReplyGate(clock);
  return steps.flatMap((step): boolean[] => {
    switch (step) {
      case 'audio':
        return [gate.admit()];
      case 'generationComplete':
      case 'interrupted':
      case 'turnComplete':
        return [gate.boundary(step)];
      case 'cancel':
        gate.cancel();
        return [];
      case 'callerStarts':
        gate.callerTurn(true);
        return [];
      case 'callerEnds':
        gate.callerTurn(false);
        return [];
      case 'reconnect':
        gate.reset();
        return [];
      default:
        clock.advance(Number(step.slice('wait '.length)));
        return [];
    }
  });
}

const [yes, no] = [true, false];

describe('the reply gate', () => {
  const courses: { what: string; steps: Step[]; passes: boolean[] }[] = [
    {
      what: 'lets a reply through, and the next',
      steps: ['audio', 'audio', 'generationComplete', 'turnComplete', 'audio'],
      passes: [yes, yes, yes, yes, yes],
    },
    {
      what: 'drops what still comes of a reply that was cancelled, up to its boundary',
      steps: ['audio', 'cancel', 'audio', 'audio', 'interrupted', 'turnComplete', 'audio'],
      passes: [yes, no, no, no, yes, yes],
    },
    {
      what: 'drops it although the server finishes it as if nothing had happened',
      steps: ['audio', 'cancel', 'audio', 'generationComplete', 'turnComplete', 'audio'],
      passes: [yes, no, no, yes, yes],
    },
    {
      what: 'drops it although it is cancelled a second time',
      steps: ['audio', 'cancel', 'cancel', 'audio', 'generationComplete', 'audio'],
      passes: [yes, no, no, yes],
    },
    {
      what: 'keeps nothing back for a cancellation when no reply was there',
      steps: ['cancel', 'audio', 'generationComplete', 'cancel', 'turnComplete', 'audio'],
      passes: [yes, yes, yes, yes],
    },
    {
      what: 'drops stragglers between interrupted and turnComplete',
      steps: ['audio', 'interrupted', 'audio', 'turnComplete', 'audio'],
      passes: [yes, yes, no, yes, yes],
    },
    {
      what: 'waits a second at the most for a turnComplete that is missing',
      steps: ['audio', 'interrupted', 'wait 999', 'audio', 'wait 1', 'audio'],
      passes: [yes, yes, no, yes],
    },
    {
      what: 'lets the answer through at once when the caller’s turn is over, turnComplete or not',
      steps: ['audio', 'cancel', 'callerStarts', 'interrupted', 'wait 300', 'callerEnds', 'audio'],
      passes: [yes, no, yes],
    },
    {
      what: 'lets nothing through while the caller’s turn is open: it cannot be the answer',
      steps: ['callerStarts', 'audio', 'audio', 'callerEnds', 'audio'],
      passes: [no, no, yes],
    },
    {
      what: 'takes a late pair of boundaries for the old reply, not for the new',
      steps: [
        'audio',
        'generationComplete',
        'callerStarts',
        'interrupted',
        'turnComplete',
        'callerEnds',
        'audio',
      ],
      passes: [yes, yes, yes, yes, yes],
    },
    {
      what: 'forgets what was in flight when the connection is gone',
      steps: ['audio', 'cancel', 'reconnect', 'audio'],
      passes: [yes, yes],
    },
    {
      what: 'still keeps the caller’s turn open on the next connection',
      steps: ['callerStarts', 'reconnect', 'audio', 'callerEnds', 'audio'],
      passes: [no, yes],
    },
  ];

  it.each(courses)('$what', ({ steps, passes }) => {
    expect(run(steps)).toEqual(passes);
  });

  it('counts the replies that it let through', () => {
    const gate = new ReplyGate(new SimulatedClock());
    for (let reply = 1; reply <= 3; reply += 1) {
      gate.admit();
      gate.admit();
      expect(gate.generation).toBe(reply);
      gate.boundary('generationComplete');
      gate.boundary('turnComplete');
    }
  });
});

/** A reply as a server sends it, and when the client cancels it: before which piece of audio, if at all. */
interface ServedReply {
  readonly pieces: number;
  readonly cancelBefore: readonly number[];
  /** The server learns of the cancellation, and stops after so many more pieces; else it goes on to the end. */
  readonly stopsAfter: number | undefined;
  readonly sendsTurnComplete: boolean;
}

it('passes nothing of a cancelled reply, and the next one from its first audio, in any course of events', () => {
  const replies: fc.Arbitrary<ServedReply> = fc.record({
    pieces: fc.integer({ min: 1, max: 8 }),
    cancelBefore: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
    stopsAfter: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
    sendsTurnComplete: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(replies, { minLength: 1, maxLength: 6 }), (course) => {
      const clock = new SimulatedClock();
      const gate = new ReplyGate(clock);
      for (const { pieces, cancelBefore, stopsAfter, sendsTurnComplete } of course) {
        let cancelledAt: number | undefined;
        let end: ReplyBoundary = 'generationComplete';
        for (let piece = 0; piece < pieces; piece += 1) {
          // a cancellation before the first piece concerns a reply that is not there yet
          if (piece > 0 && cancelBefore.includes(piece)) {
            gate.cancel();
            cancelledAt ??= piece;
          }
          if (cancelledAt !== undefined && stopsAfter !== undefined && piece - cancelledAt >= stopsAfter) {
            end = 'interrupted';
            break;
          }
          expect(gate.admit()).toBe(cancelledAt === undefined);
        }
        expect(gate.boundary(end)).toBe(cancelledAt === undefined);
        if (end === 'interrupted') expect(gate.admit()).toBe(false);
        if (sendsTurnComplete) gate.boundary('turnComplete');
        else clock.advance(1000);
      }
    }),
    { seed: 3, numRuns: 500 },
  );
});
