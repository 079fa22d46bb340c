import type { Finding } from './finding.ts';
import { hasVariables } from './prompt-variables.ts';

const clip = 'greeting.clip';
const announcement = 'records.announcement';
const announcementClip = 'records.announcement_clip';

/** What is wrong between the recordings that a call opens with and the words that say what is in them. */
export function openingFindings(
  inForce: (path: string) => unknown,
  isFaulty: (path: string) => boolean,
): Finding[] {
  const isThere = (path: string): boolean => inForce(path) !== undefined;
  if ([clip, announcement, announcementClip, 'greeting.by'].some(isFaulty)) return [];
  const isModels = !isThere(clip) && inForce('greeting.by') === 'model';
  const findings: Finding[] = [];
  const refuse = (path: string, at: Finding['at'], expected: string, found: string): void => {
    findings.push({ path: path.split('.'), at, expected, found });
  };
  if (isThere(announcementClip)) {
    if (!isThere(announcement)) {
      refuse(announcementClip, 'key', `what the recording says in ${announcement} beside it`, 'none');
    }
    if (isModels) {
      const expected = `a recorded greeting beside it in ${clip}, or greeting.by: none`;
      refuse(announcementClip, 'key', expected, 'a greeting of the model’s');
    }
  } else if (isThere(announcement) && isThere(clip)) {
    const expected = `a recording in ${announcementClip}, as the greeting is one: ${clip}`;
    refuse(announcement, 'key', expected, 'none');
  }
  for (const [words, recording] of [
    [announcement, announcementClip],
    ['greeting.text', clip],
  ] as const) {
    if (!isThere(recording) || isFaulty(words) || !hasVariables(String(inForce(words) ?? ''))) continue;
    refuse(words, 'value', `words without variables, as ${recording} is a recording`, 'a variable');
  }
  return findings;
}
