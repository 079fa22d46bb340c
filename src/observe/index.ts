export { chartPicture } from './chart-picture.ts';
export { createLog, type Log, type LogOptions } from './log.ts';
export { definitionOf, type MachineFormat, machineFile } from './machine-files.ts';
export { measureCall } from './metrics/call-metrics.ts';
export { Metrics } from './metrics/metrics.ts';
export { scrub } from './scrub.ts';
export { traceCall } from './traces/trace-call.ts';
