export { delaysBetween, median } from './added-delay.ts';
export { findAudio } from './find-audio.ts';
export { audiblePart, type HeardReply, heardReply } from './heard-reply.ts';
export { type ReachedClip, reachedClip } from './onset-clip.ts';
