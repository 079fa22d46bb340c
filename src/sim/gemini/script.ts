import { type VoiceName, voices } from '../voices/index.ts';

/** A pause in the delivery of a reply: after `afterMs` of its audio has left, nothing leaves for `forMs`. */
export interface Stall {
  readonly afterMs: number;
  readonly forMs: number;
}

/** How a reply is delivered. */
export interface Pace {
  /** Audio milliseconds generated in one millisecond; Gemini is several times faster than real time. */
  readonly speed: number;
  /** Shortest and longest audio chunk, ms. */
  readonly chunkMs: readonly [number, number];
  /** Chunks that leave together. */
  readonly burstChunks: number;
  /** From the end of the caller's turn to the start of generation, ms. */
  readonly thinkMs: number;
  readonly stalls: readonly Stall[];
}

/** The delivery of a reply that names none. */
export const defaultPace: Pace = { speed: 4, chunkMs: [40, 240], burstChunks: 1, thinkMs: 300, stalls: [] };

/** Speech of the script's own: mono PCM16 at a rate that can be resampled to 24 kHz. */
export interface VoiceSamples {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** What the model says: the words of the output transcript, and the audio. */
export interface Reply {
  readonly text: string;
  readonly voice: VoiceName | VoiceSamples;
  readonly pace?: Partial<Pace>;
}

/** A function that the model calls. */
export interface ScriptedToolCall {
  readonly name: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** One exchange: a turn of the caller and what the model makes of it. */
export interface Turn {
  /** What the input transcript says the caller said; without it there is no input transcript. */
  readonly heard?: string;
  /** A caller's turn with less speech than this, ms, is taken for noise: no answer, and the script stays where it is. */
  readonly minSpeechMs?: number;
  /** Functions called, in one frame, before the reply; the model stays silent until all are answered. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Spoken while the calls are open; only when all of them are non-blocking. */
  readonly whileWaiting?: Reply;
  readonly reply: Reply;
}

/** A conversation as the simulated model will hold it. */
export interface GeminiScript {
  /** The answer to text that arrives before the caller's first turn. */
  readonly greeting?: Reply;
  readonly turns: readonly Turn[];
  /** After the last turn: start again (the default), repeat it, or say nothing more. */
  readonly afterwards?: 'cycle' | 'repeatLast' | 'silent';
}

/** A reply that speaks a recorded line. */
export function spoken(name: VoiceName, pace?: Partial<Pace>): Reply {
  return pace ? { text: voices[name].text, voice: name, pace } : { text: voices[name].text, voice: name };
}

/** Meera of Anand Bakery: a greeting, and replies that make some sense whatever is asked, again and again. */
export function bakeryScript(): GeminiScript {
  return {
    greeting: spoken('greeting'),
    turns: [
      { heard: 'What cakes do you have?', reply: spoken('cakes') },
      { heard: 'And what do they cost?', reply: spoken('prices') },
      { heard: 'I would like a chocolate truffle cake.', reply: spoken('offer') },
      { heard: 'Yes.', reply: spoken('booked') },
      { heard: 'When are you open?', reply: spoken('hours') },
      { heard: 'Thank you.', reply: spoken('goodbye') },
    ],
    afterwards: 'cycle',
  };
}
