import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReplyAccount } from '../../src/playout/index.ts';
import { Rig } from './rig.ts';

/** What can happen to a scheduler, in any order. */
type Happening =
  | { readonly type: 'write' | 'advance'; readonly ms: number }
  | { readonly type: 'hold' | 'release' | 'finish' | 'flush' | 'loseMarks' | 'returnMarks' | 'lateMarks' }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'tear' };

const happenings: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ type: fc.constant('write' as const), ms: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('advance' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(5, 20, 40, 1500)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'hold' as const,
        'release' as const,
        'finish' as const,
        'flush' as const,
        'loseMarks' as const,
        'returnMarks' as const,
        'lateMarks' as const,
      ),
    }),
  },
);

/** The same, with replies that are torn. */
const tornHappenings: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 15, arbitrary: happenings },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('pause' as const), ms: fc.integer({ min: 10, max: 200 }) }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tear' as const) }) },
);

const deeds: Record<Happening['type'], (rig: Rig, ms: number) => void> = {
  write: (rig, ms) => rig.write(ms),
  pause: (rig, ms) => rig.pause(ms),
  advance: (rig, ms) => rig.advance(ms),
  hold: ({ scheduler }) => scheduler.hold(),
  release: ({ scheduler }) => scheduler.play(),
  finish: ({ scheduler }) => scheduler.finish(),
  tear: ({ scheduler }) => scheduler.finishAtGap(),
  flush: ({ scheduler }) => scheduler.flush(),
  loseMarks: ({ line }) => {
    line.returnsMarks = false;
  },
  returnMarks: ({ line }) => {
    line.returnsMarks = true;
  },
  lateMarks: ({ scheduler, line }) => {
    for (const name of line.marks.slice(0, -4)) scheduler.markReturned(name);
  },
};

function happen(rig: Rig, happening: Happening): void {
  deeds[happening.type](rig, 'ms' in happening ? happening.ms : 0);
}

function expectSound({ generated, sent, heard, dropped, queued }: ReplyAccount): void {
  expect(generated).toBe(heard + dropped + queued);
  for (const part of [sent, heard, dropped, queued]) expect(part).toBeGreaterThanOrEqual(0);
  expect(heard).toBeLessThanOrEqual(sent);
  expect(sent).toBeLessThanOrEqual(generated);
}

describe.each([8000, 16_000, 24_000] as const)('whatever happens on a call at %s Hz', (rateHz) => {
  it('generated = heard + dropped + queued, and heard is what the caller heard', () => {
    fc.assert(
      fc.property(fc.array(tornHappenings, { minLength: 1, maxLength: 40 }), (course) => {
        const rig = new Rig({ rateHz });
        for (const happening of course) {
          happen(rig, happening);
          expectSound(rig.scheduler.account());
          const settled = rig.settled.reduce((sum, { account }) => sum + account.heard, 0);
          const open = rig.scheduler.generatedSamples > 0 ? rig.scheduler.account().heard : 0;
          // a reply that was flushed is settled with the chunk that still plays
          expect(settled + open).toBeGreaterThanOrEqual(rig.line.heardCount);
          expect(settled + open - rig.line.heardCount).toBeLessThanOrEqual(rateHz * 0.04);
          for (const { pcm } of rig.line.chunks) expect(pcm.byteLength % 320).toBe(0);
        }
        rig.scheduler.flush();
        rig.advance(5000);
        for (const { account } of rig.settled) {
          expectSound(account);
          expect(account.queued).toBe(0);
        }
        const heard = rig.settled.reduce((sum, { account }) => sum + account.heard, 0);
        const generated = rig.settled.reduce((sum, { account }) => sum + account.generated, 0);
        expect(generated).toBe(rig.written);
        expect(heard).toBe(rig.line.heardCount);
      }),
      { numRuns: 150, seed: rateHz },
    );
  });

  it('what is heard of a reply is its beginning, sample by sample', () => {
    fc.assert(
      fc.property(fc.array(happenings, { minLength: 1, maxLength: 40 }), (course) => {
        const rig = new Rig({ rateHz });
        for (const happening of course) happen(rig, happening);
        rig.scheduler.flush();
        rig.advance(5000);
        const all = rig.all;
        const wanted: number[] = [];
        let from = 0;
        for (const { account } of rig.settled) {
          wanted.push(...all.slice(from, from + account.heard));
          from += account.generated;
        }
        expect(rig.line.heard).toEqual(wanted);
      }),
      { numRuns: 40, seed: rateHz + 1 },
    );
  });
});
