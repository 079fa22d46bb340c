import { readFile } from 'node:fs/promises';
import { parseWav } from '../../audio/index.ts';

/** The recorded, labelled speech: 8 kHz, in the tree of the package. */
const folder = new URL('../../../test/fixtures/speech/', import.meta.url);
const builtFolder = new URL('../../../../test/fixtures/speech/', import.meta.url);

/** A recorded utterance, trimmed to its speech. */
export interface RecordedUtterance {
  readonly name: string;
  /** Mono, 8 kHz; begins and ends with a few ms of the recording's own background. */
  readonly samples: Int16Array;
  /** Where speech begins and ends in `samples`, ms, by hand-checked labels. */
  readonly speechFromMs: number;
  readonly speechToMs: number;
}

interface Label {
  readonly file: string;
  readonly speech_start_ms: number;
  readonly strong_start_ms: number;
  readonly speech_end_ms: number;
}

const perMs = 8;
const edgeMs = 40;

let loaded: Promise<RecordedUtterance[]> | undefined;

/** All recorded utterances, read once. @throws when they are not part of the installation */
export function recordedSpeech(): Promise<RecordedUtterance[]> {
  loaded ??= read(folder).catch(() => read(builtFolder));
  return loaded;
}

async function read(from: URL): Promise<RecordedUtterance[]> {
  const labels = JSON.parse(await readFile(new URL('labels.json', from), 'utf8')) as Label[];
  return Promise.all(
    labels.map(async ({ file, strong_start_ms, speech_end_ms }) => {
      const { samples } = parseWav(await readFile(new URL(file, from)));
      const fromMs = Math.max(0, strong_start_ms - edgeMs);
      const toMs = Math.min(samples.length / perMs, speech_end_ms + edgeMs);
      return {
        name: file.replace(/\.wav$/, ''),
        samples: samples.slice(fromMs * perMs, toMs * perMs),
        speechFromMs: strong_start_ms - fromMs,
        speechToMs: speech_end_ms - fromMs,
      };
    }),
  );
}
