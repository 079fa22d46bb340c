import { useEffect, useState } from 'react';
import { recordPath } from '../api/records.ts';
import { WavLevels } from './wav-levels.ts';

/** What is between two levels of a recording’s waveform, ms. */
export const everyMs = 20;
/** So much of a recording is measured at most, ms: three hours. */
const mostMs = 3 * 3600 * 1000;
/** The waveform grows on the page after so many bytes. */
const perShowBytes = 1_000_000;

/** A past call’s recording as far as the page has it. */
export interface Recording {
  readonly status: 'none' | 'measuring' | 'measured' | 'failed';
  readonly caller: readonly number[];
  readonly agent: readonly number[];
  readonly durationMs: number;
}

const nothing: Recording = { status: 'none', caller: [], agent: [], durationMs: 0 };

/** Reads a past call’s recording and measures its two voices; nothing is read unless it is `wanted`. */
export function useRecording(callId: string, wanted: boolean): Recording {
  const [recording, setRecording] = useState<Recording>(nothing);
  useEffect(() => {
    if (!wanted) return;
    const leaving = new AbortController();
    const show = (recording: Recording): void => {
      if (!leaving.signal.aborted) setRecording(recording);
    };
    show({ ...nothing, status: 'measuring' });
    measure(`${recordPath(callId)}/audio`, leaving.signal, show).catch(() =>
      show({ ...nothing, status: 'failed' }),
    );
    return () => leaving.abort();
  }, [callId, wanted]);
  return wanted ? recording : nothing;
}

async function measure(
  path: string,
  signal: AbortSignal,
  show: (recording: Recording) => void,
): Promise<void> {
  const answer = await fetch(path, { signal });
  if (answer.status === 404) return show(nothing);
  if (!answer.ok || !answer.body) throw new Error(`the service answered ${answer.status}`);
  const levels = new WavLevels(everyMs);
  const seen = (status: Recording['status']): Recording => ({
    status,
    caller: levels.left.slice(),
    agent: levels.right.slice(),
    durationMs: levels.durationMs,
  });
  const reader = answer.body.getReader();
  let unseenBytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || levels.durationMs > mostMs) break;
    levels.add(value);
    unseenBytes += value.length;
    if (unseenBytes < perShowBytes) continue;
    unseenBytes = 0;
    show(seen('measuring'));
  }
  await reader.cancel();
  show(seen('measured'));
}
