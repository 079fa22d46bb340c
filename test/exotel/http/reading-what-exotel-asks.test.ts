import { describe, expect, it, test } from 'vitest';
import {
  asE164,
  calledNumbers,
  callSidOf,
  readCallFields,
  readStatusReport,
  readStreamReport,
  streamFailed,
} from '../../../src/exotel/index.ts';

const failed = {
  StreamSID: 's1',
  Status: 'failed',
  Duration: '0',
  DisconnectedBy: 'NA',
  Error: '3009 failed to establish ws conn',
};
const read = {
  streamSid: 's1',
  status: 'failed',
  durationS: 0,
  disconnectedBy: 'NA',
  error: '3009 failed to establish ws conn',
  detailedStatus: undefined,
};

describe('what Passthru tells of a stream', () => {
  const flat = Object.fromEntries(Object.entries(failed).map(([name, value]) => [`Stream[${name}]`, value]));
  it.each([
    ['as fields of their own', readCallFields({ CallSid: 'c', ...flat }, undefined)],
    ['as one field of JSON', readCallFields({ CallSid: 'c', Stream: JSON.stringify(failed) }, undefined)],
    ['as one field of JSON in a body', readCallFields({}, { CallSid: 'c', Stream: JSON.stringify(failed) })],
    ['as an object in a body of JSON', readCallFields({}, { CallSid: 'c', Stream: failed })],
  ])('is read %s', (_, fields) => {
    expect(readStreamReport(fields)).toEqual(read);
    expect(callSidOf(fields)).toBe('c');
  });

  const nothing = { ...read, streamSid: undefined, status: undefined, durationS: undefined };
  it.each(['', '{', '[]', 'null', '7', '"x"', '{"Status":{"a":1}}'])('is nothing in %j', (Stream) => {
    const report = readStreamReport(readCallFields({ Stream }, undefined));
    expect(report).toEqual({ ...nothing, disconnectedBy: undefined, error: undefined });
  });

  it.each([
    { status: 'completed', error: undefined, isFailed: false },
    { status: 'cancelled', error: undefined, isFailed: false },
    { status: 'failed', error: undefined, isFailed: true },
    { status: 'completed', error: '1006 abnormal closure', isFailed: true },
  ])('$status with error $error: failed is $isFailed', ({ status, error, isFailed }) => {
    expect(streamFailed({ ...read, status, error })).toBe(isFailed);
  });
});

describe('numbers', () => {
  it.each([
    ['08012345678', '+918012345678'],
    ['+918012345678', '+918012345678'],
    // an unencoded plus sign of a query
    [' 918012345678', '+918012345678'],
    ['+1 202 555 0143', '+12025550143'],
    ['', undefined],
    ['sip:someone', undefined],
    ['9'.repeat(5000), undefined],
  ])('%j is %s', (text, number) => {
    expect(asE164(text)).toBe(number);
  });

  it('that may be ours are To and CallTo, and of a call that was placed the other end too', () => {
    const fields = { CallTo: '08012345678', To: '08012345679', From: '09000000001', Direction: 'incoming' };
    expect(calledNumbers(readCallFields(fields, undefined))).toEqual(['+918012345678', '+918012345679']);
    const placed = readCallFields({ ...fields, Direction: 'outbound-api' }, undefined);
    expect(calledNumbers(placed)).toContain('+919000000001');
  });
});

test('a status callback has the same key when it comes again, another one when the call has gone on', () => {
  const report = (fields: object) => readStatusReport(readCallFields({}, { CallSid: 'c1', ...fields }));
  const ended = { Status: 'completed', EventType: 'terminal', DateUpdated: '2026-01-01 10:00:00' };
  expect(report(ended)).toMatchObject({ callSid: 'c1', status: 'completed', event: 'terminal' });
  expect(report({ ...ended, RecordingUrl: 'https://example.com/1' })?.key).toBe(report(ended)?.key);
  expect(report({ ...ended, Status: 'failed' })?.key).not.toBe(report(ended)?.key);
  expect(report({ Status: '<b>' })).toMatchObject({ status: 'unknown' });
  for (const CallSid of ['', 'a b', '../x', 'x'.repeat(65)]) expect(report({ CallSid })).toBeUndefined();
});
