import { pathOf, type sections } from './agent-table.ts';
import { afterCall, overload, security } from './door-fields.ts';
import { extraction } from './extraction-fields.ts';
import type { Fields, Values } from './field.ts';
import { dtmf, exotel } from './keypad-fields.ts';
import type { Knowledge } from './knowledge.ts';
import { outbound } from './outbound-fields.ts';
import { apology, greeting, persona, transcription } from './persona-fields.ts';
import { limits, playout } from './playout-fields.ts';
import { records } from './record-fields.ts';
import { tools } from './tool-fields.ts';
import { transfer } from './transfer-fields.ts';
import { automaticDetection, detector, patience, turns } from './turn-fields.ts';

/** The values of one section of an {@link Agent}, such as `AgentSection<'turns'>`. */
export type AgentSection<S extends keyof typeof sections> = Values<(typeof sections)[S]['fields']>;

/** An alias that an agent file used, and what became of it. */
export interface AppliedAlias {
  /** The alias in the file, such as `voice_activity_detection.threshold`. */
  readonly path: string;
  /** Its value as the file states it. */
  readonly value: string;
  /** The fields that it set, by their path; none when it only states what is the case anyway. */
  readonly sets: readonly string[];
  /** What became of it, in words. */
  readonly became: string;
}

/** Where an agent comes from. */
export interface AgentSource {
  /** The path of the agent file. */
  readonly file: string;
  /** The first 12 hexadecimal digits of the SHA-256 of its text, and of the prompt, knowledge and clips it names. */
  readonly hash: string;
  /** The fields that the file states under their own name, by their path. */
  readonly stated: readonly string[];
  readonly aliases: readonly AppliedAlias[];
  readonly knowledge: Knowledge;
  /** The files and folders that it names, absolute. */
  readonly names: readonly string[];
}

/** A tenant's agent: every field with the value in force, frozen to its depth; units are in the names. */
export interface Agent extends Values<typeof persona> {
  /** The name of the file without `.yaml`; the last part of the address that Exotel connects to. */
  readonly name: string;
  readonly greeting: AgentSection<'greeting'>;
  readonly transcription: AgentSection<'transcription'>;
  readonly turns: AgentSection<'turns'>;
  readonly automaticDetection: AgentSection<'automaticDetection'>;
  readonly detector: AgentSection<'detector'>;
  readonly playout: AgentSection<'playout'>;
  readonly tools: AgentSection<'tools'>;
  readonly limits: AgentSection<'limits'>;
  readonly patience: AgentSection<'patience'>;
  readonly dtmf: AgentSection<'dtmf'>;
  readonly transfer: AgentSection<'transfer'>;
  readonly exotel: AgentSection<'exotel'>;
  readonly outbound: AgentSection<'outbound'>;
  readonly apology: AgentSection<'apology'>;
  readonly security: AgentSection<'security'>;
  readonly overload: AgentSection<'overload'>;
  readonly afterCall: AgentSection<'afterCall'>;
  readonly records: AgentSection<'records'>;
  readonly extraction: AgentSection<'extraction'>;
  readonly source: AgentSource;
}

/** Builds an agent from values by path that the schema has accepted; what is absent takes its default. */
export function buildAgent(name: string, values: ReadonlyMap<string, unknown>, source: AgentSource): Agent {
  const pick = <F extends Fields>(sectionKey: string, fields: F): Values<F> => {
    const picked = Object.entries(fields).map(([key, field]) => {
      const path = pathOf(sectionKey, key);
      return [key, values.has(path) ? values.get(path) : field.default] as const;
    });
    return Object.fromEntries(picked) as Values<F>;
  };
  return deepFreeze({
    name,
    ...pick('', persona),
    greeting: pick('greeting', greeting.fields),
    transcription: pick('transcription', transcription.fields),
    turns: pick('turns', turns.fields),
    automaticDetection: pick('automaticDetection', automaticDetection.fields),
    detector: pick('detector', detector.fields),
    playout: pick('playout', playout.fields),
    tools: pick('tools', tools.fields),
    limits: pick('limits', limits.fields),
    patience: pick('patience', patience.fields),
    dtmf: pick('dtmf', dtmf.fields),
    transfer: pick('transfer', transfer.fields),
    exotel: pick('exotel', exotel.fields),
    outbound: pick('outbound', outbound.fields),
    apology: pick('apology', apology.fields),
    security: pick('security', security.fields),
    overload: pick('overload', overload.fields),
    afterCall: pick('afterCall', afterCall.fields),
    records: pick('records', records.fields),
    extraction: pick('extraction', extraction.fields),
    source,
  });
}

function deepFreeze<T extends object>(value: T): T {
  for (const child of Object.values(value))
    if (typeof child === 'object' && child !== null) deepFreeze(child);
  return Object.freeze(value);
}
