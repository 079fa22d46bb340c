import type { AppliedAlias } from './agent.ts';
import { audioFormatFindings } from './audio-format.ts';
import { asMap, type Finding } from './finding.ts';

const detection = 'voice_activity_detection';

const detectionAliases = [
  {
    key: 'enabled',
    sets: ['turns.owner'],
    meaning: (enabled: unknown): unknown => (enabled === true ? 'gemini' : 'baari'),
  },
  {
    key: 'threshold',
    sets: ['automatic_detection.start_sensitivity', 'automatic_detection.end_sensitivity'],
    // Gemini has no number for it, only two sensitivities; a low threshold is a high sensitivity
    meaning: (threshold: unknown): unknown => (Number(threshold) <= 0.5 ? 'high' : 'low'),
  },
  {
    key: 'silence_duration_ms',
    sets: ['automatic_detection.silence_duration_ms'],
    meaning: (silenceMs: unknown): unknown => silenceMs,
  },
];

/** What the aliases in a file amount to. */
export interface AliasReading {
  /** The values they set, by the path of the field that each is an alias of. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly applied: readonly AppliedAlias[];
  readonly findings: readonly Finding[];
}

/**
 * Reads the aliases of an agent file's content.
 * `isFaulty` tells paths with an error already, `isStated` paths that the file states under their own name: an alias
 * beside the field it stands for is refused.
 */
export function readAliases(
  content: Readonly<Record<string, unknown>>,
  isFaulty: (path: string) => boolean,
  isStated: (path: string) => boolean,
): AliasReading {
  const values = new Map<string, unknown>();
  const applied: AppliedAlias[] = [];
  const findings: Finding[] = [];
  const stated = asMap(content[detection]) ?? {};
  for (const { key, sets, meaning } of detectionAliases) {
    const path = `${detection}.${key}`;
    if (!(key in stated)) continue;
    const rivals = sets.filter(isStated);
    for (const rival of rivals) findings.push(conflict(key, path, rival));
    if (rivals.length > 0 || isFaulty(path)) continue;
    const value = meaning(stated[key]);
    for (const set of sets) values.set(set, value);
    const became = sets.map((set) => `${set}: ${String(value)}`).join(', ');
    applied.push({ path, value: String(stated[key]), sets, became });
  }
  if ('audio_format' in content && !isFaulty('audio_format')) {
    const value = content.audio_format;
    const refused = audioFormatFindings(value);
    findings.push(...refused);
    if (refused.length > 0) return { values, applied, findings };
    const shown = typeof value === 'string' ? value : JSON.stringify(value);
    applied.push({
      path: 'audio_format',
      value: shown,
      sets: [],
      became: 'nothing: it states what is in use anyway',
    });
  }
  return { values, applied, findings };
}

function conflict(key: string, alias: string, field: string): Finding {
  return {
    path: [detection, key],
    at: 'key',
    expected: `either ${field} or its alias ${alias}`,
    found: 'both',
    hint: `remove ${alias}`,
  };
}
