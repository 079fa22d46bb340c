import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../src/time/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { WireRig } from './wire-rig.ts';

async function connected(turnOwner: 'baari' | 'gemini' = 'baari') {
  const clock = new SimulatedClock();
  const server = new ScriptedServer(clock);
  const rig = new WireRig({ clock, dial: server.dial, settings: { turnOwner } });
  await rig.connect();
  return { clock, rig, connection: server.last };
}

describe('a reply', () => {
  it('is handed on in order, words before the sound they come with', async () => {
    const { clock, rig, connection } = await connected();
    connection.send({ serverContent: { outputTranscription: { text: 'Good ' } } });
    connection.audio(1, 3);
    connection.audio(2, 3);
    connection.send({ serverContent: { outputTranscription: { text: 'morning.' } } });
    connection.send({ serverContent: { generationComplete: true } });
    connection.send({ serverContent: { turnComplete: true } });
    await clock.run(10);
    expect(rig.audio).toEqual([1, 1, 1, 2, 2, 2]);
    expect(rig.texts).toEqual(['agent: Good ', 'agent: morning.']);
    expect(rig.told).toEqual(['wire.setUp', 'wire.generationComplete', 'wire.turnComplete']);
  });

  it('that was cancelled leaves neither sound nor words behind, and no boundary', async () => {
    const { clock, rig, connection } = await connected();
    connection.audio(1, 3);
    await clock.run(1);
    rig.tell({ type: 'gemini.cancelReply' }, { type: 'gemini.startCallerTurn', onsetSample: 0 });
    connection.audio(2, 3);
    connection.send({ serverContent: { outputTranscription: { text: ' too late' } } });
    connection.send({ serverContent: { interrupted: true } });
    await clock.run(1);
    connection.send({ serverContent: { turnComplete: true } });
    rig.tell({ type: 'gemini.endCallerTurn' });
    connection.audio(3, 3);
    await clock.run(1);
    expect(rig.audio).toEqual([1, 1, 1, 3, 3, 3]);
    expect(rig.texts).toEqual([]);
    expect(rig.counts.lateAudio).toBe(1);
    expect(rig.told).not.toContain('wire.interrupted');
  });

  it('that the model itself breaks off is told as interrupted', async () => {
    const { clock, rig, connection } = await connected('gemini');
    connection.audio(1, 3);
    connection.send({ serverContent: { interrupted: true } });
    connection.audio(2, 3);
    connection.send({ serverContent: { turnComplete: true } });
    connection.audio(3, 3);
    await clock.run(1);
    expect(rig.audio).toEqual([1, 1, 1, 3, 3, 3]);
    expect(rig.told).toEqual(['wire.setUp', 'wire.interrupted', 'wire.turnComplete']);
  });
});

describe('what the model is told', () => {
  it('is the greeting, the nudge and the prompts, each as text', async () => {
    const { clock, rig, connection } = await connected();
    rig.tell({ type: 'gemini.greet' }, { type: 'gemini.nudge' });
    for (const about of ['callerSilent', 'callerStillSilent', 'timeAlmostUp', 'goodbye'] as const) {
      rig.tell({ type: 'gemini.prompt', about });
    }
    await clock.run(10);
    const texts = connection.inputs.map(({ kind, value }) => [kind, value]);
    expect(texts[0]).toEqual(['text', 'Greet the caller.']);
    expect(texts).toHaveLength(6);
    for (const [kind, text] of texts.slice(1))
      expect([kind, text]).toEqual(['text', expect.stringMatching(/^\[.+\]$/)]);
  });

  it('is a turn of the caller only where Baari owns the turns', async () => {
    const { clock, rig, connection } = await connected('gemini');
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100);
    rig.tell({ type: 'gemini.endCallerTurn' });
    await clock.run(10);
    expect(connection.course).toEqual(['audio']);
    expect(connection.samples).toHaveLength(1600);
  });

  it('is a turn once, although it is begun and ended twice', async () => {
    const { clock, rig, connection } = await connected();
    rig.tell({ type: 'gemini.endCallerTurn' });
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(40);
    rig.tell({ type: 'gemini.endCallerTurn' }, { type: 'gemini.endCallerTurn' });
    await clock.run(10);
    expect(connection.course).toEqual(['activityStart', 'audio', 'activityEnd']);
  });

  it('names the rate of the audio in every frame', async () => {
    const { clock, rig, connection } = await connected();
    rig.tell({ type: 'gemini.startCallerTurn', onsetSample: 0 });
    await rig.hear(100);
    await clock.run(10);
    const audio = connection.inputs.filter(({ kind }) => kind === 'audio');
    expect(audio.length).toBeGreaterThan(0);
    for (const { value } of audio) expect(value).toHaveProperty('mimeType', 'audio/pcm;rate=16000');
  });
});
