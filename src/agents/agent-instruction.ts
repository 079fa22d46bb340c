import type { Agent } from './agent.ts';
import { type CallFacts, hasVariables, instructionFor, wordsFor } from './prompt-variables.ts';

/** What the model of an agent is told. */
export interface Instruction {
  /** The system instruction. */
  readonly instruction: string;
  /** What it is told so that it speaks first. */
  readonly greeting: string;
}

/** What the model of `agent` is told in one call; without `facts`, its texts as the file has them. */
export function instructionOf(agent: Agent, facts?: CallFacts): Instruction {
  const { prompt, greeting, timeZone, source } = agent;
  const asIs = (text: string): string => text;
  const told = facts ? (text: string): string => instructionFor(text, facts, timeZone) : asIs;
  const said = facts ? (text: string): string => wordsFor(text, facts, timeZone) : asIs;
  const { text: knowledge } = source.knowledge;
  return {
    instruction: knowledge ? `${told(prompt)}\n\n${knowledge}` : told(prompt),
    greeting: greeting.text
      ? `[The call has just been answered. Say exactly this, word for word and nothing more: "${said(greeting.text)}"]`
      : told(greeting.instruction),
  };
}

/** Whether the model of `agent` is told something else in each call. */
export function variesByCall({ prompt, greeting }: Agent): boolean {
  return [prompt, greeting.text ?? greeting.instruction].some(hasVariables);
}

/** What whoever looks after `agent` should know of it, beyond its fields. */
export function agentNotes(agent: Agent): readonly string[] {
  const { included, leftOut } = agent.source.knowledge;
  const sum = (files: readonly { tokens: number }[]): number =>
    files.reduce((tokens, file) => tokens + file.tokens, 0);
  const notes: string[] = [];
  if (included.length + leftOut.length > 0) {
    const files = included.length === 1 ? 'file' : 'files';
    notes.push(
      `knowledge: ${included.length} ${files}, about ${sum(included)} of ${agent.knowledgeTokens} tokens`,
    );
  }
  if (leftOut.length > 0) {
    const names = leftOut.map(({ name, tokens }) => `${name} (about ${tokens})`).join(', ');
    notes.push(`knowledge: left out, as it is over knowledge_tokens: ${names}`);
  }
  if (agent.limits.warmSessions > 0 && variesByCall(agent)) {
    notes.push('limits.warm_sessions: without effect, as the prompt or the greeting has variables');
  }
  if (agent.webhooks.length > 0) {
    notes.push(
      'webhooks: sent only with records (BAARI_RECORDS): their folder keeps what is not delivered yet',
    );
  }
  if (agent.extraction.schema) {
    const needs = agent.records.transcript ? '' : ', and without effect, as records.transcript is off';
    notes.push(`extraction: only with records (BAARI_RECORDS), by an API key or Vertex AI${needs}`);
  }
  return notes;
}
