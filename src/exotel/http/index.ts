export { type CallFields, callSidOf, readCallFields } from './call-fields.ts';
export { asE164, calledNumbers } from './called-number.ts';
export { readStreamReport, type StreamReport, streamFailed } from './passthru.ts';
export { connectReply, resolveReply, switchReply } from './replies.ts';
export { readStatusReport, type StatusReport } from './status-callback.ts';
