import { CarrierWriter, lineRateHz, type PhoneIdentity, readServerMessage } from './carrier-messages.ts';
import { type LineCommand, type LineReport, lineProcessor } from './line-messages.ts';
import lineUrl from './line-processor.ts?worker&url';

/** What the line does to the sound, changed while one speaks. */
export interface LineSettings {
  /** The microphone is heard. */
  readonly isMicrophoneOpen: boolean;
  /** The agent's voice comes back to it so many dB weaker; undefined: it does not. */
  readonly echoDb: number | undefined;
  /** How much later, ms. */
  readonly echoMs: number;
}

/** How a call stands, as the page shows it. */
export interface PhoneState {
  readonly status: 'idle' | 'connecting' | 'live' | 'ended';
  readonly callSid: string;
  /** Why it is over, in words; `''` before. */
  readonly because: string;
  /** When the stream began, ms of `Date.now`; 0 before. */
  readonly sinceMs: number;
  /** Loudest sample of the last 100 ms, 0 to 1. */
  readonly spokenPeak: number;
  readonly heardPeak: number;
  /** What the agent has said and the phone has not played yet, ms. */
  readonly queuedMs: number;
  /** Gaps that were heard in the agent's speech. */
  readonly gaps: number;
  readonly hasMicrophone: boolean;
}

/** A phone on which nothing happens. */
export const idlePhone: PhoneState = {
  status: 'idle',
  callSid: '',
  because: '',
  sinceMs: 0,
  spokenPeak: 0,
  heardPeak: 0,
  queuedMs: 0,
  gaps: 0,
  hasMicrophone: false,
};

/** Longest wait for the stream to open, ms; Exotel waits as long. */
const connectMs = 10_000;
/** Levels are shown once in so many frames of 20 ms. */
const framesPerLevel = 5;
/** Edges of what a telephone line lets through, Hz. */
const band = { low: 300, high: 3400 };

/** What a call is made of. */
export interface PhoneCallOptions {
  /** The address of the agent's stream, `ws:` or `wss:`. */
  readonly address: string;
  readonly from: string;
  readonly to: string;
  readonly line: LineSettings;
  /** Told of every change. */
  readonly changed: (state: PhoneState) => void;
}

/** One call from the browser: microphone and speaker at one end, Exotel's protocol at the other. */
export class PhoneCall {
  readonly #o: PhoneCallOptions;
  readonly #who: PhoneIdentity;
  readonly #writer: CarrierWriter;
  #state: PhoneState;
  #sounds: Sounds | undefined;
  #socket: WebSocket | undefined;
  #frames = 0;
  #peaks = { spoken: 0, heard: 0 };

  constructor(options: PhoneCallOptions) {
    this.#o = options;
    this.#who = { streamSid: sid(), callSid: sid(), from: options.from, to: options.to, parameters: {} };
    this.#writer = new CarrierWriter(this.#who);
    this.#state = { ...idlePhone, status: 'connecting', callSid: this.#who.callSid };
  }

  /** Opens sound and stream; must begin with a gesture of the user, or browsers give no sound. Never rejects. */
  async dial(): Promise<void> {
    this.#change({});
    try {
      this.#sounds = await openSounds(this.#o.line, (report) => this.#take(report));
      if (this.#state.status === 'ended') return this.#sounds.close();
      this.#change({ hasMicrophone: this.#sounds.hasMicrophone });
      this.#connect();
    } catch (error) {
      this.#end(`no sound: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }

  /** Changes what the line does to the sound. */
  setLine(line: LineSettings): void {
    this.#sounds?.setLine(line);
  }

  /** Says a recording into the line, as if the caller spoke. @throws Error when it cannot be had */
  async say(url: string): Promise<void> {
    await this.#sounds?.say(url);
  }

  /** Presses a key: 0–9, * or #. */
  press(digit: string): void {
    if (this.#state.status === 'live') this.#socket?.send(this.#writer.dtmf(digit));
  }

  hangUp(): void {
    if (this.#state.status === 'live') this.#socket?.send(this.#writer.stop());
    this.#end('you hung up');
  }

  #connect(): void {
    const socket = new WebSocket(this.#o.address);
    this.#socket = socket;
    const timer = setTimeout(
      () => this.#end(`the stream did not open within ${connectMs / 1000} s`),
      connectMs,
    );
    socket.onopen = () => {
      clearTimeout(timer);
      socket.send(this.#writer.connected());
      socket.send(this.#writer.start());
      this.#change({ status: 'live', sinceMs: Date.now() });
    };
    socket.onmessage = ({ data }) => typeof data === 'string' && this.#hear(data);
    socket.onclose = ({ code, reason }) => {
      clearTimeout(timer);
      const wasLive = this.#state.status === 'live';
      const why = reason || (code === 1006 ? '' : `code ${code}`);
      this.#end(wasLive ? `the agent’s side closed the line${why && ` (${why})`}` : 'the stream was refused');
    };
  }

  #hear(text: string): void {
    const message = readServerMessage(text);
    if (message?.event === 'media') this.#sounds?.tell({ type: 'play', samples: message.samples });
    else if (message?.event === 'mark') this.#sounds?.tell({ type: 'mark', name: message.name });
    else if (message?.event === 'clear') this.#sounds?.tell({ type: 'clear' });
  }

  #take(report: LineReport): void {
    if (this.#state.status !== 'live') return;
    if (report.type === 'played')
      for (const name of report.marks) this.#socket?.send(this.#writer.mark(name));
    if (report.type !== 'spoken') return;
    this.#socket?.send(this.#writer.media(report.pcm));
    this.#peaks.spoken = Math.max(this.#peaks.spoken, report.spokenPeak);
    this.#peaks.heard = Math.max(this.#peaks.heard, report.heardPeak);
    this.#frames += 1;
    if (this.#frames % framesPerLevel !== 0) return;
    const { queuedMs, gaps } = report;
    this.#change({ spokenPeak: this.#peaks.spoken, heardPeak: this.#peaks.heard, queuedMs, gaps });
    this.#peaks = { spoken: 0, heard: 0 };
  }

  #end(because: string): void {
    if (this.#state.status === 'ended') return;
    this.#change({ status: 'ended', because, spokenPeak: 0, heardPeak: 0, queuedMs: 0 });
    this.#socket?.close(1000);
    this.#sounds?.close();
  }

  #change(change: Partial<PhoneState>): void {
    this.#state = { ...this.#state, ...change };
    this.#o.changed(this.#state);
  }
}

interface Sounds {
  readonly hasMicrophone: boolean;
  tell(command: LineCommand): void;
  setLine(line: LineSettings): void;
  say(url: string): Promise<void>;
  close(): void;
}

/** Builds the line: microphone and recordings → telephone band → frames; queue → telephone band → speaker, and echo. */
async function openSounds(line: LineSettings, report: (report: LineReport) => void): Promise<Sounds> {
  const context = new AudioContext({ sampleRate: lineRateHz, latencyHint: 'interactive' });
  await context.audioWorklet.addModule(lineUrl);
  const processor = new AudioWorkletNode(context, lineProcessor, {
    numberOfInputs: 1,
    numberOfOutputs: 1,
    outputChannelCount: [1],
    channelCount: 1,
    channelCountMode: 'explicit',
  });
  processor.port.onmessage = ({ data }: MessageEvent<LineReport>) => report(data);
  const microphone = await openMicrophone();
  const microphoneGain = new GainNode(context, { gain: line.isMicrophoneOpen ? 1 : 0 });
  const echoDelay = new DelayNode(context, { maxDelayTime: 1 });
  const echoGain = new GainNode(context, { gain: 0 });
  const toLine = telephoneBand(context, processor);
  microphoneGain.connect(toLine);
  if (microphone)
    new MediaStreamAudioSourceNode(context, { mediaStream: microphone }).connect(microphoneGain);
  processor.connect(telephoneBand(context, context.destination));
  processor.connect(echoDelay).connect(echoGain).connect(toLine);
  const setLine = ({ isMicrophoneOpen, echoDb, echoMs }: LineSettings): void => {
    microphoneGain.gain.setTargetAtTime(isMicrophoneOpen ? 1 : 0, context.currentTime, 0.01);
    echoGain.gain.setTargetAtTime(echoDb === undefined ? 0 : 10 ** (-echoDb / 20), context.currentTime, 0.01);
    echoDelay.delayTime.setValueAtTime(echoMs / 1000, context.currentTime);
  };
  setLine(line);
  await context.resume();
  return {
    hasMicrophone: microphone !== undefined,
    tell: (command) => processor.port.postMessage(command),
    setLine,
    async say(url) {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(`the recording cannot be had: ${answer.status}`);
      const buffer = await context.decodeAudioData(await answer.arrayBuffer());
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(toLine);
      source.start();
    },
    close() {
      for (const track of microphone?.getTracks() ?? []) track.stop();
      processor.port.onmessage = null;
      if (context.state !== 'closed') context.close();
    },
  };
}

/** A phone without a microphone can still listen, press keys and play recordings. */
async function openMicrophone(): Promise<MediaStream | undefined> {
  try {
    return await navigator.mediaDevices?.getUserMedia({ audio: { channelCount: 1 } });
  } catch {
    return undefined;
  }
}

function telephoneBand(context: AudioContext, to: AudioNode): AudioNode {
  const low = new BiquadFilterNode(context, { type: 'highpass', frequency: band.low });
  const high = new BiquadFilterNode(context, { type: 'lowpass', frequency: band.high });
  low.connect(high).connect(to);
  return low;
}

/** Exotel: identifiers look hexadecimal, about 32 characters long, and end in another letter. */
function sid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `${[...bytes]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 31)}p`;
}
