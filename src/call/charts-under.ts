import type { AnyActorRef, AnyMachineSnapshot } from 'xstate';

/** The running charts at and below `actor`, parents first; actors that are no charts are left out. */
export function chartsUnder(actor: AnyActorRef): AnyActorRef[] {
  const snapshot: unknown = actor.getSnapshot();
  if (!isChart(snapshot) || snapshot.status !== 'active') return [];
  const children: readonly (AnyActorRef | undefined)[] = Object.values(snapshot.children);
  return [actor, ...children.flatMap((child) => (child ? chartsUnder(child) : []))];
}

/** Whether a snapshot is a chart's. */
export function isChart(snapshot: unknown): snapshot is AnyMachineSnapshot {
  return typeof snapshot === 'object' && snapshot !== null && 'value' in snapshot && 'machine' in snapshot;
}
