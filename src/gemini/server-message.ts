import type { LiveServerMessage } from '@google/genai';
import { z } from 'zod';
import { readPlainAudio } from './plain-audio.ts';

const words = z.looseObject({ text: z.string().nullish() }).nullish();
const flag = z.boolean().nullish();

/** The shape of what is read here of a message; everything else passes. */
const readFields = z.looseObject({
  serverContent: z
    .looseObject({
      modelTurn: z
        .looseObject({
          parts: z
            .array(
              z.looseObject({
                thought: flag,
                inlineData: z.looseObject({ data: z.string().nullish() }).nullish(),
              }),
            )
            .nullish(),
        })
        .nullish(),
      inputTranscription: words,
      outputTranscription: words,
      interrupted: flag,
      generationComplete: flag,
      turnComplete: flag,
      turnCompleteReason: z.string().nullish(),
    })
    .nullish(),
  toolCall: z
    .looseObject({
      functionCalls: z
        .array(z.looseObject({ id: z.string().nullish(), name: z.string().nullish() }))
        .nullish(),
    })
    .nullish(),
  toolCallCancellation: z.looseObject({ ids: z.array(z.string()).nullish() }).nullish(),
  sessionResumptionUpdate: z.looseObject({ resumable: flag, newHandle: z.string().nullish() }).nullish(),
});

/**
 * Reads one frame of the server; the SDK parses without a net, so a bad frame there would end the process.
 *
 * @returns the message, or what was wrong with the frame in words that can be logged: nothing of its content.
 */
export function readServerFrame(data: Buffer): LiveServerMessage | { readonly problem: string } {
  const audio = readPlainAudio(data);
  if (audio) return audio;
  let parsed: unknown;
  try {
    parsed = JSON.parse(data.toString('utf8'));
  } catch {
    return { problem: `expected JSON, found ${data.length} bytes of something else` };
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return { problem: `expected a JSON object, found ${parsed === null ? 'null' : typeof parsed}` };
  }
  const [issue] = readFields.safeParse(parsed).error?.issues ?? [];
  if (issue) return { problem: `${issue.path.join('.')}: ${issue.message}` };
  return parsed as LiveServerMessage;
}

/** `timeLeft` of a `goAway`, such as "50s" or "9.5s", in ms; 0 when it cannot be read: leave at once. */
export function timeLeftMs(timeLeft: string | undefined): number {
  const seconds = Number.parseFloat(timeLeft ?? '');
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}
