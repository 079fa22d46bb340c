import type { Mark, MarkKind } from '../../inspection/format.ts';

/** The colours of a timeline, as CSS knows them. */
export const colourNames = {
  caller: 'var(--baari-caller)',
  agent: 'var(--baari-agent)',
  lit: 'var(--baari-lit)',
  text: 'var(--mantine-color-text)',
  dimmed: 'var(--mantine-color-dimmed)',
  faint: 'var(--mantine-color-default-border)',
  bad: 'var(--mantine-color-error)',
} as const;

export type Colour = keyof typeof colourNames;

/** How a mark is written and drawn: `lane` none is drawn as a stretch, or as a tick of its own. */
export interface MarkLook {
  readonly words: string;
  readonly sign: string;
  readonly colour: Colour;
  /** Whether it is drawn as a line through both waveforms, or is only in the list. */
  readonly isLine: boolean;
}

const looks: Record<MarkKind, MarkLook> = {
  'bargeIn.confirmed': {
    words: 'Barge-in: the caller got the floor',
    sign: '✂',
    colour: 'lit',
    isLine: true,
  },
  'bargeIn.rejected': { words: 'No barge-in: the agent went on', sign: '↷', colour: 'dimmed', isLine: true },
  hold: { words: 'The agent’s voice was held', sign: 'h', colour: 'lit', isLine: false },
  play: { words: 'The agent’s voice went on', sign: '▸', colour: 'agent', isLine: false },
  flush: { words: 'What was not played was dropped', sign: '⌫', colour: 'lit', isLine: false },
  underrun: { words: 'The agent’s audio ran out', sign: '…', colour: 'bad', isLine: true },
  refill: { words: 'The agent’s audio came again', sign: '▸', colour: 'agent', isLine: false },
  carrierMark: { words: 'Exotel has played up to here', sign: '|', colour: 'agent', isLine: false },
  interrupted: { words: 'The model took itself for interrupted', sign: 'i', colour: 'lit', isLine: true },
  lost: { words: 'The connection to the model was lost', sign: '⚡', colour: 'bad', isLine: true },
  ready: { words: 'The model is there', sign: '✓', colour: 'agent', isLine: true },
  torn: { words: 'The reply was cut by the end of its connection', sign: '⚡', colour: 'bad', isLine: true },
  nudge: { words: 'The model was nudged', sign: '!', colour: 'bad', isLine: true },
  newSession: { words: 'A new session was begun', sign: '↻', colour: 'bad', isLine: true },
  failure: { words: 'Something failed', sign: '✕', colour: 'bad', isLine: true },
  key: { words: 'The caller pressed a key', sign: '#', colour: 'caller', isLine: true },
  tool: { words: 'A tool answered', sign: '⚙', colour: 'text', isLine: true },
  transfer: { words: 'The call is passed on', sign: '⇢', colour: 'text', isLine: true },
  mute: { words: 'The caller was muted', sign: 'm', colour: 'caller', isLine: true },
  unmute: { words: 'The caller was let through again', sign: 'm', colour: 'caller', isLine: true },
  end: { words: 'The call is to end', sign: '■', colour: 'text', isLine: true },
};

/** How a kind of mark looks. */
export function lookOf(kind: MarkKind): MarkLook {
  return looks[kind];
}

/** A mark in words, such as `A tool answered: order_status ok (340 ms)`. */
export function markWords({ kind, what, tookMs }: Mark): string {
  const took = tookMs === undefined ? '' : ` (${Math.round(tookMs)} ms)`;
  return `${looks[kind].words}${what ? `: ${what}` : ''}${took}`;
}

/** `83450` as `1:23.4`. */
export function timeText(ms: number): string {
  const tenths = Math.max(0, Math.floor(ms / 100));
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`;
}
