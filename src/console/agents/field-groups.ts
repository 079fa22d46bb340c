/** One field of an agent file. */
export interface AgentField {
  readonly path: string;
  readonly value: string;
  readonly unit: string;
  readonly isStated: boolean;
  readonly description: string;
}

/** The fields of one section of an agent file. */
interface FieldGroup {
  /** Such as `turns`; fields outside of sections are together. */
  readonly section: string;
  readonly fields: readonly AgentField[];
}

const noSection = 'The agent';

/** Which fields are wanted: those with all of some words anywhere, and perhaps only those that the file states. */
export interface FieldFilter {
  readonly words: string;
  readonly onlyStated: boolean;
}

/** The fields that are wanted, by section, in the order of the file’s description. */
export function fieldGroups(
  fields: readonly AgentField[],
  { words, onlyStated }: FieldFilter,
): readonly FieldGroup[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, AgentField[]>();
  for (const field of fields) {
    const { path, value, description, isStated } = field;
    const text = `${path} ${value} ${description}`.toLowerCase();
    if ((onlyStated && !isStated) || !wanted.every((word) => text.includes(word))) continue;
    const section = path.includes('.') ? (path.split('.')[0] ?? path) : noSection;
    groups.set(section, [...(groups.get(section) ?? []), field]);
  }
  return [...groups].map(([section, inIt]) => ({ section, fields: inIt }));
}
