export { delaysBetween, median } from './added-delay.ts';
export { type HeardReply, heardReply } from './heard-reply.ts';
export { type ReachedClip, reachedClip } from './onset-clip.ts';
