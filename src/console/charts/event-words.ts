/** The type of an event as it is drawn: `after 300 ms` and `done` instead of the names that XState gives to such events. */
export function eventWords(eventType: string): string {
  if (eventType === '') return 'always';
  const [, delay] = /^xstate\.after\.([^.]+)\./.exec(eventType) ?? [];
  if (delay !== undefined) return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`;
  const [, what, of] = /^xstate\.(done|error)\.(?:state|actor)\.(.+)$/.exec(eventType) ?? [];
  if (what !== undefined && of !== undefined) return `${what}: ${of.split('.').at(-1)}`;
  return eventType;
}
