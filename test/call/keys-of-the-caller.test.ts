import { describe, expect, it } from 'vitest';
import { type GeminiScript, loadCaller, spoken } from '../../src/sim/index.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import {
  type SimulatedCall,
  SimulatedService,
  type SimulatedServiceOptions,
} from '../helpers/simulated-call.ts';

const script: GeminiScript = {
  greeting: spoken('greeting'),
  turns: [{ reply: spoken('checking') }, { reply: spoken('goAhead') }],
};

type Running = SimulatedCall & { readonly service: SimulatedService };

function dialled(options: Partial<SimulatedServiceOptions> = {}): Running {
  const service = new SimulatedService({ script, ...options });
  return { ...service.dial(), service };
}

async function press({ service, caller }: Running, keys: string): Promise<void> {
  for (const key of keys) {
    caller.pressDigit(key);
    await service.clock.run(300);
  }
}

/** All texts that the model was told, the greeting left out. */
function told({ service }: Running): string[] {
  return service.sessions
    .flatMap(({ observation }) => observation.received)
    .flatMap(({ kind, text }) => (text && (kind === 'text' || kind === 'clientContent') ? [text] : []))
    .filter((text) => text.startsWith('[The caller pressed'));
}

function said({ seen }: Running): string[] {
  return seen.lines.filter(({ who }) => who === 'agent').map(({ text }) => text);
}

const owners = [{ agent: 'turns: { owner: baari }' }, { agent: 'turns: { owner: gemini }' }];

describe.each(owners)('with $agent', ({ agent }) => {
  it('keys that are pressed in silence are told as one entry, and answered', async () => {
    const running = dialled({ agent });
    await running.service.clock.run(8000);
    await press(running, '1234');
    await running.service.clock.run(10_000);
    expect(told(running)).toEqual(['[The caller pressed 1 2 3 4 on the keypad.]']);
    expect(said(running)).toHaveLength(2);
    expect(running.seen.types).not.toContain('gemini.nudge');
    running.caller.hangUp();
    await running.service.clock.run(3000);
    expect(running.seen.summary?.failure).toBeUndefined();
  });

  it('keys stop the agent, who then answers to them', async () => {
    const running = dialled({ agent });
    const { service, caller, seen } = running;
    await service.clock.run(4000);
    expect(seen.replies).toEqual([]);
    const pressedMs = caller.nowMs;
    await press(running, '12#');
    await service.clock.run(12_000);
    expect(told(running)).toEqual(['[The caller pressed 1 2 on the keypad.]']);
    expect(seen.replies[0]?.how).toBe('flushed');
    const runs = caller.agentAudible.filter(({ fromMs }) => fromMs < pressedMs);
    expect(runs.at(-1)?.toMs).toBeLessThan(pressedMs + 500);
    expect(said(running).length).toBeGreaterThanOrEqual(2);
  });

  it('keys that are pressed in a reply wait for its end when they do not interrupt', async () => {
    const running = dialled({ agent: `${agent}\ndtmf: { interrupts: false }` });
    const { service, seen } = running;
    await service.clock.run(3000);
    await press(running, '12#');
    expect(told(running)).toEqual([]);
    await service.clock.run(15_000);
    expect(told(running)).toEqual(['[The caller pressed 1 2 on the keypad.]']);
    expect(seen.replies.map(({ how }) => how).slice(0, 2)).toEqual(['drained', 'drained']);
  });
});

it('keys and words belong to one turn of the caller', async () => {
  const running = dialled();
  const { service, caller, seen } = running;
  await service.clock.run(8000);
  caller.say(await loadCaller('yes'));
  await service.clock.run(200);
  await press(running, '12');
  await service.clock.run(12_000);
  expect(told(running)).toEqual(['[The caller pressed 1 2 on the keypad.]']);
  expect(seen.lines.some(({ who, text }) => who === 'caller' && text.includes('••••'))).toBe(true);
});

it('keys whose tones are in the audio too are told once, and begin no turn of their own', async () => {
  const service = new SimulatedService({ script });
  const running = { ...service.dial({ profile: { keyTones: true } }), service };
  await service.clock.run(8000);
  await press(running, '1234');
  await service.clock.run(8000);
  expect(told(running)).toEqual(['[The caller pressed 1 2 3 4 on the keypad.]']);
  expect(running.seen.types).not.toContain('speech.started');
  expect(said(running)).toHaveLength(2);
});

it('a caller who types slowly is neither asked again nor apologised to', async () => {
  const running = dialled({ agent: 'dtmf: { pause_ms: 4000, longest_ms: 60000 }' });
  const { service, caller, seen } = running;
  await service.clock.run(8000);
  for (const key of '0123456789') {
    caller.pressDigit(key);
    await service.clock.run(2500);
  }
  await service.clock.run(10_000);
  expect(told(running)).toEqual(['[The caller pressed 0 1 2 3 4 5 6 7 8 9 on the keypad.]']);
  expect(seen.types).not.toContain('gemini.nudge');
  expect(seen.types).not.toContain('turn.modelSilent');
  expect(seen.turns.at(-1)?.callerStartedMs).toBeLessThan(9000);
});

it('keys that are pressed before the greeting are kept', async () => {
  const running = dialled();
  await running.service.clock.run(30);
  await press(running, '7#');
  await running.service.clock.run(20_000);
  expect(told(running)).toEqual(['[The caller pressed 7 on the keypad.]']);
});

it('keys that are pressed while the connection to the model is being renewed are told to the next', async () => {
  const running = dialled({
    faults: [
      { fault: { kind: 'close', code: 1011, reason: 'internal', at: { at: 'ready', afterMs: 7000 } } },
    ],
  });
  await running.service.clock.run(7200);
  await press(running, '12#');
  await running.service.clock.run(15_000);
  expect(told(running)).toEqual(['[The caller pressed 1 2 on the keypad.]']);
  expect(said(running).length).toBeGreaterThanOrEqual(2);
});

describe('what was pressed', () => {
  it('is in no log, and in no transcript unless the agent says so', async () => {
    const memory = new MemoryLog();
    const running = dialled({ log: memory.log });
    await running.service.clock.run(8000);
    await press(running, '8642#');
    await running.service.clock.run(8000);
    const line = running.seen.lines.find(({ who }) => who === 'caller');
    expect(line?.text).toBe('[pressed •••• on the keypad]');
    expect(JSON.stringify(running.seen.events)).not.toContain('8642');
    expect(JSON.stringify(memory.lines)).not.toContain('8642');
  });

  it('is in the transcript when it is not masked', async () => {
    const running = dialled({ agent: 'dtmf: { masked: false }' });
    await running.service.clock.run(8000);
    await press(running, '8642#');
    await running.service.clock.run(8000);
    expect(running.seen.lines.find(({ who }) => who === 'caller')?.text).toBe('[pressed 8642 on the keypad]');
  });

  it('is not told to the model that is not to know', async () => {
    const running = dialled({ agent: 'dtmf: { to_model: false }' });
    await running.service.clock.run(8000);
    await press(running, '12#');
    await running.service.clock.run(5000);
    expect(told(running)).toEqual([]);
    expect(said(running)).toHaveLength(1);
  });
});

const bound =
  'dtmf: { actions: { 0: transfer, "*": end, 9: repeat } }\ntransfer: { number: "+919000000009" }';

describe('a key that does something', () => {
  it.each([
    { key: '0', outcome: 'transferred', transferTo: '+919000000009' },
    { key: '*', outcome: 'agentEnded', transferTo: undefined },
  ])('ends the call after a sentence: $key, $outcome', async ({ key, outcome, transferTo }) => {
    const running = dialled({ agent: bound });
    const { service, caller, seen } = running;
    await service.clock.run(8000);
    await press(running, key);
    await service.clock.run(20_000, () => seen.summary !== undefined);
    expect(told(running)).toHaveLength(1);
    expect(said(running)).toHaveLength(2);
    expect(seen.replies.at(-1)?.how).toBe('drained');
    expect(seen.summary).toMatchObject({ outcome, transferTo });
    expect(seen.transfers.map(({ number }) => number)).toEqual(transferTo ? [transferTo] : []);
    expect(caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
  });

  it('asks for the last words once more', async () => {
    const running = dialled({ agent: bound });
    await running.service.clock.run(8000);
    await press(running, '9');
    await running.service.clock.run(8000);
    expect(told(running)[0]).toContain('Repeat what you said last');
    expect(running.caller.state).toBe('streaming');
  });

  it('passes the call on although the model says nothing more', async () => {
    const running = dialled({ agent: bound, script: { ...script, turns: [], afterwards: 'silent' } });
    const { service, seen } = running;
    await service.clock.run(8000);
    await press(running, '0');
    await service.clock.run(40_000, () => seen.summary !== undefined);
    expect(['transferred', 'modelUnavailable']).toContain(seen.summary?.outcome);
  });
});

describe('a call that is passed on', () => {
  it.each([
    { title: 'after a sentence that is asked for', announce: true, replies: 2 },
    { title: 'at once', announce: false, replies: 1 },
  ])('$title', async ({ announce, replies }) => {
    const running = dialled();
    const { service, call, caller, seen } = running;
    await service.clock.run(8000);
    call.command({ type: 'transfer', to: '+919000000008', announce }, 'desk');
    await service.clock.run(20_000, () => seen.summary !== undefined);
    expect(seen.summary).toMatchObject({ outcome: 'transferred', transferTo: '+919000000008' });
    expect(seen.replies.filter(({ how }) => how === 'drained')).toHaveLength(replies);
    // told when it was decided, before the line is closed
    const [told, ...more] = seen.transfers;
    expect(told?.number).toBe('+919000000008');
    expect(more).toEqual([]);
    expect(seen.types.slice(told?.before)).toContain('call.transfer');
    expect(caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
  });

  it('says first what it is saying', async () => {
    const running = dialled();
    const { service, call, seen } = running;
    await service.clock.run(3000);
    call.command({ type: 'transfer', to: '+919000000008', announce: false }, 'desk');
    await service.clock.run(20_000, () => seen.summary !== undefined);
    expect(seen.replies.map(({ how }) => how)).toEqual(['drained']);
    expect(seen.summary?.outcome).toBe('transferred');
  });

  it('is not, when the caller hangs up first', async () => {
    const running = dialled();
    const { service, call, caller, seen } = running;
    await service.clock.run(8000);
    call.command({ type: 'transfer', to: '+919000000008', announce: true }, 'desk');
    caller.hangUp();
    await service.clock.run(3000);
    expect(seen.summary).toMatchObject({ outcome: 'callerHungUp', transferTo: undefined });
  });
});

describe('a number that is asked for', () => {
  const otp = { digits: 4, terminator: '#', timeoutMs: 5000 };

  it('reaches whoever asked, and neither the model nor the transcript', async () => {
    const running = dialled();
    const { service, call, seen } = running;
    await service.clock.run(8000);
    const answer = call.askForDigits(otp);
    await press(running, '4711');
    expect(await answer).toEqual({ digits: '4711', because: 'complete' });
    await service.clock.run(5000);
    expect(told(running)).toEqual([]);
    expect(JSON.stringify([seen.lines, seen.events])).not.toContain('4711');
  });

  it('is given up after its time, and when the call ends', async () => {
    const running = dialled();
    const { service, call, caller } = running;
    await service.clock.run(8000);
    const late = call.askForDigits(otp);
    const busy = call.askForDigits(otp);
    expect(await busy).toEqual({ digits: '', because: 'busy' });
    await service.clock.run(5100);
    expect(await late).toEqual({ digits: '', because: 'timeout' });
    const open = call.askForDigits(otp);
    caller.hangUp();
    await service.clock.run(1000);
    expect(await open).toEqual({ digits: '', because: 'callEnded' });
    expect(await call.askForDigits(otp)).toEqual({ digits: '', because: 'callEnded' });
  });

  it('is not asked for any more once that is withdrawn', async () => {
    const running = dialled();
    const { service, call } = running;
    await service.clock.run(8000);
    const asked = new AbortController();
    const answer = call.askForDigits(otp, asked.signal);
    asked.abort();
    expect(await answer).toEqual({ digits: '', because: 'withdrawn' });
    await press(running, '12#');
    expect(told(running)).toEqual(['[The caller pressed 1 2 on the keypad.]']);
  });
});

describe('an agent that says stop before it closes', () => {
  it('does so, then closes with 1000', async () => {
    const running = dialled({ agent: 'exotel: { stop_before_close: true }' });
    const { service, call, caller, seen } = running;
    await service.clock.run(8000);
    call.end();
    await service.clock.run(5000, () => seen.summary !== undefined);
    expect(caller.events.some(({ kind }) => kind === 'bridgeStop')).toBe(true);
    expect(caller.closeReport).toMatchObject({ code: 1000, by: 'bridge' });
    expect(caller.violations).toEqual([]);
  });
});
