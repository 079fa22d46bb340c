import type { Agent, AgentSource } from './agent.ts';
import { sections, table } from './agent-table.ts';
import { type Field, rangeOf, type Unit } from './field.ts';
import { persona } from './persona-fields.ts';

/** Where the value of a field comes from. */
type Origin = 'file' | 'default' | 'alias';

/** One field of an agent, explained. */
export interface ExplainedField {
  /** The place in the file, such as `turns.onset_ms`. */
  readonly path: string;
  /** The value in force; null where the field is unset. */
  readonly value: string | number | boolean | readonly string[] | null;
  readonly unit: Unit;
  /** The values it may have, such as `20–500` or `model | none`; `''` for free text. */
  readonly range: string;
  readonly origin: Origin;
  /** False while `turns.owner` leaves the field without effect. */
  readonly inForce: boolean;
  readonly description: string;
}

/** Explains every field of an agent, in the order of the table. */
export function explainAgent(agent: Agent): readonly ExplainedField[] {
  const values = [
    ...Object.keys(persona).map((key) => property(agent, key)),
    ...Object.entries(sections).flatMap(([section, { fields }]) => {
      const inSection = property(agent, section);
      return Object.keys(fields).map((key) => property(inSection, key));
    }),
  ];
  return table.map(({ path, field, onlyFor }, index) => ({
    path,
    value: shown(field.kind === 'data' ? dataShown(field, values[index]) : values[index]),
    unit: field.unit,
    range: rangeOf(field),
    origin: originOf(path, agent.source),
    inForce: onlyFor === undefined || onlyFor === agent.turns.owner,
    description: field.description,
  }));
}

function property(owner: unknown, key: string): unknown {
  if (typeof owner !== 'object' || owner === null) return undefined;
  return Object.entries(owner).find(([name]) => name === key)?.[1];
}

function shown(value: unknown): ExplainedField['value'] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map(String);
  if (typeof value !== 'object' || value === null) return null;
  return Object.entries(value).map(([key, meaning]) => `${key}: ${String(meaning)}`);
}

function dataShown(field: Extract<Field, { kind: 'data' }>, value: unknown): readonly string[] | undefined {
  return value === undefined ? undefined : field.shown(value);
}

function originOf(path: string, source: AgentSource): Origin {
  if (source.stated.includes(path)) return 'file';
  return source.aliases.some(({ sets }) => sets.includes(path)) ? 'alias' : 'default';
}
