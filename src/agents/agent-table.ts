import { afterCall, overload, security } from './door-fields.ts';
import { extraction } from './extraction-fields.ts';
import {
  type Field,
  type Fields,
  fileName,
  flag,
  fraction,
  milliseconds,
  section,
  type TurnOwner,
} from './field.ts';
import { dtmf, exotel } from './keypad-fields.ts';
import { outbound } from './outbound-fields.ts';
import { apology, greeting, persona, transcription } from './persona-fields.ts';
import { limits, playout } from './playout-fields.ts';
import { records } from './record-fields.ts';
import { tools } from './tool-fields.ts';
import { transfer } from './transfer-fields.ts';
import { automaticDetection, detector, patience, turns } from './turn-fields.ts';

/** The sections of an agent file by their name in code, in the order in which they are shown. */
export const sections = {
  greeting,
  transcription,
  turns,
  automaticDetection,
  detector,
  playout,
  tools,
  limits,
  patience,
  dtmf,
  transfer,
  exotel,
  outbound,
  apology,
  security,
  overload,
  afterCall,
  records,
  extraction,
};

const { silenceDurationMs } = automaticDetection.fields;

/** An older name for fields above; `agent-aliases.ts` says what becomes of it. */
export const voiceActivityDetection = section(
  'Alias of turns.owner and automatic_detection, for configurations written for older bridges.',
  {
    enabled: flag(false, 'Alias: true is turns.owner gemini, false is turns.owner baari.'),
    threshold: fraction<number>(
      '0–1',
      0.5,
      { min: 0, max: 1 },
      'Alias: up to 0.5 is automatic_detection start and end sensitivity high, above is low.',
    ),
    silenceDurationMs: milliseconds(
      silenceDurationMs.default,
      { min: silenceDurationMs.min, max: silenceDurationMs.max },
      'Alias of automatic_detection.silence_duration_ms.',
    ),
  },
);

/** A field and its place in the file. */
export interface TableEntry {
  /** The place in the file, such as `turns.onset_ms`. */
  readonly path: string;
  /** The key of its section in the file, `''` at the top level. */
  readonly section: string;
  readonly field: Field;
  /** In force only while `turns.owner` is this. */
  readonly onlyFor: TurnOwner | undefined;
}

function entries(sectionKey: string, fields: Fields, onlyFor?: TurnOwner): TableEntry[] {
  return Object.entries(fields).map(([key, field]) => ({
    path: pathOf(sectionKey, key),
    section: sectionKey,
    field,
    onlyFor: field.onlyFor ?? onlyFor,
  }));
}

/** The path in the file of a field named as in the file or in code; `sectionKey` is `''` at the top level. */
export function pathOf(sectionKey: string, key: string): string {
  return sectionKey === '' ? fileName(key) : `${fileName(sectionKey)}.${fileName(key)}`;
}

/** Every field of an agent file, in the order in which they are shown. */
export const table: readonly TableEntry[] = [
  ...entries('', persona),
  ...Object.entries(sections).flatMap(([key, { fields, onlyFor }]) =>
    entries(fileName(key), fields, onlyFor),
  ),
];

const byPath = new Map(
  [...table, ...entries('voice_activity_detection', voiceActivityDetection.fields)].map((entry) => [
    entry.path,
    entry.field,
  ]),
);

/** The field at a path of the file, aliases included. */
export function fieldAt(path: string): Field | undefined {
  return byPath.get(path);
}
