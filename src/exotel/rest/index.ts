export { type ExotelAccess, exotelBaseUrl, subdomainForm } from './access.ts';
export { type ExotelApiCode, ExotelApiError } from './api-error.ts';
export { type CallStatus, callStatusOf, type ExotelCall, isEnded } from './call-reply.ts';
export { type CallRequest, ExotelCalls } from './exotel-calls.ts';
