import type { FaultRule, GeminiFault, GeminiSession } from '../../src/sim/index.ts';
import type { LoopbackWorld } from '../service-paths/loopback-world.ts';

/** Something that happens to the link. */
export interface Mishap {
  readonly name: string;
  /** On a connection that is set up. */
  readonly befall: (session: GeminiSession, world: LoopbackWorld) => void;
  /** The same to the first connection before it is set up. */
  readonly beforehand: GeminiFault;
}

const closes = (code: number, reason: string): Mishap => ({
  name: String(code),
  befall: (session) => session.close(code, reason),
  beforehand: { kind: 'close', code, reason, at: { at: 'setup' } },
});

/** All of them. */
export const mishaps: readonly Mishap[] = [
  {
    name: '1006',
    befall: (session) => session.kill(),
    beforehand: { kind: 'kill', at: { at: 'setup' } },
  },
  closes(1008, 'Requested entity was not found.'),
  closes(1011, 'Internal error encountered.'),
  closes(1007, 'Request contains an invalid argument.'),
  {
    name: 'goAway',
    befall: (session) => session.inject({ kind: 'goAway', timeLeftMs: 1500, at: { at: 'now' } }),
    beforehand: { kind: 'goAway', timeLeftMs: 1500, at: { at: 'ready' } },
  },
  {
    name: 'hang',
    befall: (_, world) => world.hang(),
    beforehand: { kind: 'hangUpgrade' },
  },
  {
    name: 'silence',
    befall: (session) => session.inject({ kind: 'mute', transcribes: false }),
    beforehand: { kind: 'noSetupComplete' },
  },
  {
    name: 'garbage frame',
    befall: (session) => session.inject({ kind: 'badFrame', at: { at: 'now' } }),
    beforehand: { kind: 'badFrame', at: { at: 'setup' } },
  },
  {
    name: 'slow audio',
    befall: (session) => session.inject({ kind: 'slowAudio', speed: 0.6 }),
    beforehand: { kind: 'slowAudio', speed: 0.6 },
  },
];

/** The fault on the first connection of a call that is still being set up. */
export function beforeSetUp({ beforehand }: Mishap): FaultRule[] {
  return [{ fault: beforehand, connection: 1 }];
}
