import fc from 'fast-check';
import { expect, it } from 'vitest';
import { turnMachine } from '../../machines/index.ts';
import { promisesBroken, scenarios } from './turn-promises.ts';

it.each([20_260_101, 7])('keeps its promises whatever happens, in whatever order (seed %i)', (seed) => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      expect(promisesBroken(turnMachine, scenario)).toEqual([]);
    }),
    { numRuns: 400, seed },
  );
});
