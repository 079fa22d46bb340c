export { Dialler, type DiallerOptions, type Order, type PlacedCall } from './dialler.ts';
export { OutboundBook, type OutboundCall } from './outbound-book.ts';
export { type OutboundCode, OutboundError } from './outbound-error.ts';
