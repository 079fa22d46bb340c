export { createLog, type Log, type LogOptions } from './log.ts';
export { scrub } from './scrub.ts';
