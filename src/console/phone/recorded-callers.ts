const files = import.meta.glob<string>('../../sim/callers/*.wav', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Recorded people who may speak instead of the microphone: what they say, and where the recording is. */
export const recordedCallers: readonly { readonly says: string; readonly url: string }[] = Object.entries(
  files,
).map(([file, url]) => ({ says: words(file), url }));

/** `…/for-tomorrow-at-five.wav` as “For tomorrow at five”. */
function words(file: string): string {
  const text = (file.split('/').at(-1) ?? '').replace(/\.wav$/, '').replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
