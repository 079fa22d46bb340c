export type { CarrierPort, PlayoutTap } from './carrier.ts';
export type { ReplyAccount } from './heard-ledger.ts';
export type { PlayoutPolicy } from './policy.ts';
export { type PlayoutNotice, PlayoutScheduler, type PlayoutSchedulerOptions } from './scheduler.ts';
export { type LatenessSample, SharedPlayoutClock } from './shared-clock.ts';
