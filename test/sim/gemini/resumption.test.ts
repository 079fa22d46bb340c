import { describe, expect, test } from 'vitest';
import { inMemory, manual } from './support/memory-client.ts';
import { plain } from './support/scripts.ts';

const handles = { ...manual, sessionResumption: {} };
const resumed = (handle: string | undefined) => ({ ...manual, sessionResumption: { handle } });

describe('resumption', () => {
  test('goes on where the conversation was, without a second greeting', () => {
    const { clock, connect } = inMemory(plain);
    const first = connect(handles);
    first.send({ realtimeInput: { text: 'Hello.' } });
    clock.advance(5000);
    first.close();
    const second = connect(resumed(first.handle));
    expect(second.seen).toMatchObject({ resumed: true, connection: 2 });
    second.send({ realtimeInput: { text: 'Where were we?' } });
    clock.advance(5000);
    expect(second.seen.replies).toMatchObject([{ text: 'We have cakes of every kind.' }]);
  });

  test('gives a new handle after each turn, and keeps the older ones', () => {
    const { clock, connect } = inMemory(plain);
    const first = connect(handles);
    const oldest = first.handle;
    first.send({ realtimeInput: { text: 'Hello.' } });
    clock.advance(5000);
    expect(first.handle).not.toBe(oldest);
    first.close();
    expect(connect(resumed(oldest)).seen.resumed).toBe(true);
  });

  test('is refused while the old connection is open', () => {
    const { connect } = inMemory(plain);
    const first = connect(handles);
    expect(connect(resumed(first.handle)).closed?.code).toBe(1011);
    expect(first.closed).toBeUndefined();
  });

  test('meets a turn again whose answer had not begun when the connection ended', () => {
    const { clock, connect } = inMemory(plain);
    const first = connect(handles);
    first.send({ realtimeInput: { text: 'Hello.' } });
    clock.advance(5000);
    first.send({ realtimeInput: { text: 'Which?' } });
    clock.advance(10);
    first.close();
    const second = connect(resumed(first.handle));
    second.send({ realtimeInput: { text: 'Which?' } });
    clock.advance(5000);
    expect(second.seen.replies).toMatchObject([{ text: 'We have cakes of every kind.' }]);
  });

  test('is not to be had with handles that lead nowhere, or without any', () => {
    const dead = inMemory(plain, { faults: [{ fault: { kind: 'deadHandle' }, connection: 1 }] });
    const first = dead.connect(handles);
    first.close();
    expect(dead.connect(resumed(first.handle)).closed?.code).toBe(1008);
    const none = inMemory(plain, { faults: [{ fault: { kind: 'noHandle' } }] });
    expect(none.connect(handles).handle).toBeUndefined();
  });

  test.each([
    ['another model', 0, 'models/gemini-3.1-flash-live-preview'],
    ['a handle that has expired', 1001, 'models/gemini-3.8-live'],
  ])('is refused for %s', (_, waitMs, model) => {
    const { clock, connect } = inMemory(plain, { handleLifeMs: 1000 });
    const first = connect(handles);
    first.close();
    clock.advance(waitMs);
    const second = connect({ ...resumed(first.handle), model });
    expect(second.closed).toEqual({ code: 1008, reason: 'Requested entity was not found.' });
  });
});
