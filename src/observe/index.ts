export { chartPicture } from './chart-picture.ts';
export { createLog, type Log, type LogOptions } from './log.ts';
export { scrub } from './scrub.ts';
