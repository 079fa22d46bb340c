import type { Agent } from './agent.ts';
import { type CallFacts, hasVariables, instructionFor, wordsFor } from './prompt-variables.ts';

/** What the model of an agent is told. */
export interface Instruction {
  /** The system instruction. */
  readonly instruction: string;
  /** What it is told so that it speaks first. */
  readonly greeting: string;
}

/** Where the prompt says nothing of it. */
const ofEarlierCalls = '\n\nWhat is known of this caller from earlier calls: {{memory}}';

/** What the model of `agent` is told in one call; without `facts`, its texts as the file has them. */
export function instructionOf(agent: Agent, facts?: CallFacts): Instruction {
  const { prompt, timeZone, source } = agent;
  const asIs = (text: string): string => text;
  const told = facts ? (text: string): string => instructionFor(text, facts, timeZone) : asIs;
  const said = facts ? (text: string): string => wordsFor(text, facts, timeZone) : asIs;
  const { text: knowledge } = source.knowledge;
  const whole = facts?.memory && !/\{\{\s*memory\s*\}\}/.test(prompt) ? prompt + ofEarlierCalls : prompt;
  return {
    instruction: knowledge ? `${told(whole)}\n\n${knowledge}` : told(whole),
    greeting: opening(agent, said, told),
  };
}

/** What is to be said before the greeting stands before it: a caller who is recorded knows so from the first word. */
function opening(
  { greeting, records }: Agent,
  said: (text: string) => string,
  told: (text: string) => string,
): string {
  const exactly = (words: string): string => `Say exactly this, word for word and nothing more: "${words}"`;
  const words = greeting.text === undefined ? '' : said(greeting.text);
  const announcement = records.announcement === undefined ? '' : said(records.announcement);
  if (greeting.by === 'none')
    return announcement ? `[The call has just been answered. ${exactly(announcement)}]` : '';
  if (words)
    return `[The call has just been answered. ${exactly(announcement ? `${announcement} ${words}` : words)}]`;
  const first = announcement
    ? `[Before anything else, say exactly this, word for word: "${announcement}"]\n`
    : '';
  return first + told(greeting.instruction);
}

/** Whether the model of `agent` is told something else in each call. */
export function variesByCall({ prompt, greeting, records, tools }: Agent): boolean {
  if (tools.builtIn.includes('remember')) return true;
  return [prompt, greeting.text ?? greeting.instruction, records.announcement ?? ''].some(hasVariables);
}

/** Whether what is said in calls of `agent` is kept, where records are. */
function keepsWords({ records: { audio, transcript } }: Agent): boolean {
  return audio || transcript;
}

/** The agent as its callers meet it: an announcement is for those whose call is kept, sound or words. */
export function whereRecorded(agent: Agent, areRecordsKept: boolean): Agent {
  const { records } = agent;
  if (records.announcement === undefined || (areRecordsKept && keepsWords(agent))) return agent;
  return { ...agent, records: { ...records, announcement: undefined, announcementClip: undefined } };
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
  if (agent.records.announcement !== undefined) {
    const where = keepsWords(agent) ? 'only where there are records (BAARI_RECORDS)' : 'never';
    const why = keepsWords(agent) ? '' : ', as neither records.audio nor records.transcript is on';
    notes.push(`records.announcement: said ${where}${why}`);
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
