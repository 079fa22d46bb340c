import type { LiveServerMessage } from '@google/genai';
import { PlainJson } from '../wire/index.ts';

const json = new PlainJson();

/**
 * Reads a message that is one piece of audio and nothing else, as 25 times a second while the model speaks: that needs no
 * schema. Undefined for any other.
 */
export function readPlainAudio(data: Buffer): LiveServerMessage | undefined {
  const isAudio =
    json.begin(data).take('{') &&
    json.takeNameOf('serverContent') &&
    json.take('{') &&
    json.takeNameOf('modelTurn') &&
    json.take('{') &&
    json.takeNameOf('parts') &&
    json.take('[') &&
    json.take('{') &&
    json.takeNameOf('inlineData') &&
    json.take('{');
  if (!isAudio) return undefined;
  let audio: string | undefined;
  do {
    if (!json.takeName()) return undefined;
    if (json.is('data')) {
      if (audio !== undefined || !json.takeLongText()) return undefined;
      audio = json.text;
    } else if (!json.is('mimeType') || !json.takeText()) return undefined;
  } while (json.take(','));
  const isAll =
    json.take('}') && json.take('}') && json.take(']') && json.take('}') && json.take('}') && json.take('}');
  if (!isAll || !json.isAtEnd || audio === undefined) return undefined;
  return { serverContent: { modelTurn: { parts: [{ inlineData: { data: audio } }] } } } as LiveServerMessage;
}
