import { describe, expect, it } from 'vitest';
import { type LossContext, lossOfClose, lossOfError } from '../../src/gemini/failure.ts';
import { UpgradeRefused } from '../../src/wire/index.ts';

const fresh: LossContext = { isSetUp: false, wasResuming: false, hasHandle: false };
const resuming: LossContext = { isSetUp: false, wasResuming: true, hasHandle: true };
const live: LossContext = { isSetUp: true, wasResuming: false, hasHandle: true };
const liveWithoutHandle: LossContext = { isSetUp: true, wasResuming: false, hasHandle: false };
const contexts = { fresh, resuming, live, liveWithoutHandle };

describe('a connection that is closed', () => {
  const quota = 'You exceeded your current quota, please check your plan.';
  const badKey = 'API key not valid. Please pass a valid API key.';
  const unknown = 'Requested entity was not found.';
  const expired = 'Deadline expired before operation could complete.';
  it.each([
    // the same set-up would be refused again
    { code: 1007, reason: 'Unknown name "x"', at: 'fresh', failure: 'gemini.set-up-refused', remedy: 'none' },
    {
      code: 1007,
      reason: 'invalid argument',
      at: 'resuming',
      failure: 'gemini.set-up-refused',
      remedy: 'renew',
    },
    { code: 1007, reason: 'invalid argument', at: 'live', failure: 'gemini.set-up-refused', remedy: 'renew' },
    { code: 1007, reason: badKey, at: 'fresh', failure: 'gemini.unauthorised', remedy: 'none' },
    { code: 1007, reason: badKey, at: 'live', failure: 'gemini.unauthorised', remedy: 'none' },
    { code: 1008, reason: 'model is not found', at: 'fresh', failure: 'gemini.not-found', remedy: 'none' },
    // the handle is not known any more
    { code: 1008, reason: unknown, at: 'resuming', failure: 'gemini.not-found', remedy: 'renew' },
    { code: 1008, reason: '', at: 'live', failure: 'gemini.not-found', remedy: 'renew' },
    { code: 1011, reason: expired, at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1011, reason: expired, at: 'liveWithoutHandle', failure: 'gemini.closed', remedy: 'renew' },
    { code: 1011, reason: 'Internal error', at: 'fresh', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1011, reason: 'still in use', at: 'resuming', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1011, reason: quota, at: 'live', failure: 'gemini.quota', remedy: 'none' },
    { code: 1011, reason: 'RESOURCE_EXHAUSTED', at: 'resuming', failure: 'gemini.quota', remedy: 'none' },
    { code: 1000, reason: '', at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1001, reason: '', at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1005, reason: '', at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1006, reason: '', at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1006, reason: '', at: 'liveWithoutHandle', failure: 'gemini.closed', remedy: 'renew' },
    { code: 1012, reason: '', at: 'live', failure: 'gemini.closed', remedy: 'resume' },
    { code: 1013, reason: '', at: 'resuming', failure: 'gemini.closed', remedy: 'resume' },
  ] as const)(
    'with $code "$reason" while $at is $failure, remedy $remedy',
    ({ code, reason, at, ...wanted }) => {
      const loss = lossOfClose(code, reason, contexts[at]);
      expect({ failure: loss.failure.code, remedy: loss.remedy }).toEqual({
        failure: wanted.failure,
        remedy: wanted.remedy,
      });
      expect(loss.failure.message).toContain(String(code));
      expect(loss.failure.message).toContain(reason);
    },
  );
});

describe('an upgrade that is refused', () => {
  it.each([
    { status: 400, failure: 'gemini.refused', remedy: 'none' },
    { status: 401, failure: 'gemini.unauthorised', remedy: 'none' },
    { status: 403, failure: 'gemini.unauthorised', remedy: 'none' },
    { status: 404, failure: 'gemini.refused', remedy: 'none' },
    { status: 429, failure: 'gemini.quota', remedy: 'resume' },
    { status: 500, failure: 'gemini.refused', remedy: 'resume' },
    { status: 503, failure: 'gemini.refused', remedy: 'resume' },
  ])('with HTTP $status is $failure, remedy $remedy', ({ status, ...wanted }) => {
    const loss = lossOfError(new UpgradeRefused(status, undefined, 'no'), fresh);
    expect({ failure: loss.failure.code, remedy: loss.remedy }).toEqual(wanted);
    expect(loss.failure.message).toContain(`HTTP ${status}`);
  });

  it('says how long the server wants to be left alone', () => {
    const { failure } = lossOfError(new UpgradeRefused(429, 7000, 'slow down'), fresh);
    expect(failure.message).toContain('7000 ms');
  });
});

it.each([
  ['fresh', 'resume'],
  ['live', 'resume'],
  ['liveWithoutHandle', 'renew'],
] as const)('an address that cannot be reached while %s is tried again: %s', (at, remedy) => {
  const loss = lossOfError(new Error('connect ECONNREFUSED'), contexts[at]);
  expect(loss).toMatchObject({ failure: { code: 'gemini.unreachable' }, remedy });
});
