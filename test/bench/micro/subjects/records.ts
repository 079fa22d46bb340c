import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CallRecorder, DiskThread } from '../../../../src/records/index.ts';
import { delay, systemClock } from '../../../../src/time/index.ts';
import { framesPerSecond, type Subject, usualCall } from '../subject.ts';
import { inTurn, voicePieces } from '../voice.ts';

/** Calls that are recorded side by side: the disk's thread takes their blocks together. */
const calls = 8;
/** What is recorded before the disk is waited for, s of each call: a block of its recording. */
const stepS = 0.5;
/** Longer than the disk's thread gathers orders, ms. */
const stepMs = 30;
/** About as many as a call writes: 20 a turn. */
const journalLinesPerSecond = (20 * usualCall.turnsPerMinute) / 60;
const entry = { kind: 'event', atMs: 123_456.7, type: 'speech.started', onsetSample: 987_654 };

/** Records on a real disk by the thread that a service writes them with; its work is counted too. */
export async function records(): Promise<Subject> {
  const folder = mkdtempSync(path.join(tmpdir(), 'baari-bench-records-'));
  const disk = new DiskThread(systemClock);
  const caller = inTurn(await voicePieces(8000, 20));
  const agent = inTurn(await voicePieces(8000, 40));
  let opened = 0;
  const record = (): CallRecorder => {
    opened += 1;
    const recorder = new CallRecorder({
      folder,
      callId: `call-${opened}`,
      clock: systemClock,
      disk,
      openWav: (file) => disk.openWav(file),
      onError: (error) => {
        throw error;
      },
    });
    recorder.start(8000);
    return recorder;
  };
  const step = (recorder: CallRecorder, isAgentHeard: boolean): void => {
    for (let frame = 0; frame < framesPerSecond * stepS; frame += 1) {
      recorder.callerAudio(caller());
      if (isAgentHeard && frame % 2 === 0) recorder.agentAudio(agent(), 200);
    }
    for (let line = 0; line < journalLinesPerSecond * stepS; line += 1) recorder.journal(entry);
  };
  const recorders = Array.from({ length: calls }, record);
  let steps = 0;
  const completed = async (one: CallRecorder): Promise<void> => {
    const { isComplete } = await one.close(entry);
    if (!isComplete) throw new Error('expected a complete record');
    rmSync(one.files.folder, { recursive: true });
  };
  return {
    operations: [
      {
        what: 'records: write a second of a call',
        perCallSecond: 1,
        run: async (times) => {
          for (let done = 0; done < times; done += stepS * calls) {
            // the agent is heard for a while and then not
            const isAgentHeard = (steps % 20) / 20 < usualCall.agentSpeaks;
            steps += 1;
            for (const recorder of recorders) step(recorder, isAgentHeard);
            await delay(systemClock, stepMs);
          }
        },
      },
      {
        what: 'records: open a record and complete it',
        perCallSecond: 1 / usualCall.lengthS,
        run: async (times) => {
          for (let done = 0; done < times; done += 1) {
            const one = record();
            one.journal(entry);
            await completed(one);
          }
        },
      },
    ],
    close: async () => {
      await Promise.all(recorders.map(completed));
      await disk.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
