export { Dialler } from './dialler.ts';
export { OutboundBook } from './outbound-book.ts';
export { type OutboundCode, OutboundError } from './outbound-error.ts';
