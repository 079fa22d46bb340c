import type { KeyAction, PromptTopic } from '../../machines/index.ts';
import type { GeminiSettings } from './settings.ts';

/** What the model is told, in brackets so that it takes it for stage directions and not for the caller's words. */
export const prompts: Readonly<Record<PromptTopic | 'nudge', string>> = {
  nudge: '[The caller is waiting and has heard nothing. Answer now, in one or two short sentences.]',
  callerSilent:
    '[The caller has said nothing for a while. Ask in one short sentence whether they are still there.]',
  callerStillSilent:
    '[The caller still says nothing. Ask once more, briefly and kindly, whether they can hear you.]',
  timeAlmostUp: '[This call must end within a minute. Tell the caller and bring the matter to a close.]',
  serviceEnds:
    '[This line has to be closed now. Apologise in one short sentence and say goodbye; the call ends after it.]',
  transfer:
    '[The call is now passed on to a person. Say so to the caller in one short sentence; the call leaves you after it.]',
  goodbye: '[The caller does not answer. Say a short goodbye; the call ends after it.]',
};

/** Asks the model to say a sentence of somebody who follows the call. */
export function sayRequest(sentence: string): string {
  return `[Say exactly this to the caller now, in their language, and nothing else: "${sentence}"]`;
}

/** What the model is told about `topic`, where the agent's owner may have chosen the words. */
export function promptAbout(topic: PromptTopic, words: GeminiSettings['words']): string {
  const said = topic === 'goodbye' ? words?.goodbye : topic.startsWith('caller') ? words?.ask : undefined;
  if (said === undefined) return prompts[topic];
  const end = topic === 'goodbye' ? ' The call ends after it.' : '';
  return `[The caller says nothing. Say exactly this, word for word and nothing more: "${said}"${end}]`;
}

/** Tells the model with what the caller was greeted in its place. */
export function greetedNotice(words: string): string {
  return words ? `[You have greeted the caller: "${words}"]` : '[You have greeted the caller.]';
}

/** Tells the model how far the caller heard its interrupted reply. */
export function cutNotice(heard: string): string {
  return heard
    ? `[You were interrupted. The caller heard only: "${heard}"]`
    : '[You were interrupted before the caller heard anything of your reply.]';
}

/** Tells the model what came of a tool that went on although the caller interrupted. */
export function takenBackNotice(name: string, response: Readonly<Record<string, unknown>>): string {
  return `[The tool ${name} was not stopped when you were interrupted. Do not call it again for this. Its result: ${JSON.stringify(response)}]`;
}

/** Tells the model that a lost connection cut its reply, to what, how far the caller heard it, and to go on. */
export function goOnNotice(heard: string, asked: string): string {
  const said = asked.trim() ? ` The caller had said: "${asked.trim()}".` : '';
  return heard.trim()
    ? `[The line to you was cut in the middle of your reply.${said} The caller heard only: "${heard.trim()}". Go on from there at once; repeat nothing of it and do not mention the cut.]`
    : `[The line to you was cut before the caller heard anything of your reply.${said} Give that reply now and do not mention the cut.]`;
}

/** Tells a fresh session what happened before it, so that it neither greets again nor asks twice. */
export function recapOf(transcript: string, tools: readonly string[]): string {
  return [
    'You are in the middle of this phone call; the connection to you was renewed. Do not greet again.',
    'So far, as the caller heard it:',
    transcript || '(nothing was said yet)',
    ...tools,
    'Go on from there.',
  ].join('\n');
}

const keyRequests: Readonly<Record<KeyAction, string>> = {
  transfer:
    'to speak to a person. Say in one short sentence that you are putting them through; the call leaves you after it.',
  end: 'to end the call. Say a short goodbye; the call ends after it.',
  repeat: 'to hear it again. Repeat what you said last.',
};

/** Tells the model which keys the caller has pressed, and what it is to do about it. */
export function keysPressed(digits: string, meaning: 'tell' | KeyAction): string {
  const keys = [...digits].join(' ');
  if (meaning === 'tell') return `[The caller pressed ${keys} on the keypad.]`;
  return `[The caller pressed ${keys} ${keyRequests[meaning]}]`;
}
