import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnMachine } from '../../machines/index.ts';
import { promisesBroken, scenarios } from './turn-promises.ts';

it('keeps its promises whatever happens, in whatever order', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      expect(promisesBroken(turnMachine, scenario)).toEqual([]);
    }),
    { numRuns: 400, seed: 20_260_101 },
  );
});

it('keeps them along a path that no seed repeats', () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      expect(promisesBroken(turnMachine, scenario)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
