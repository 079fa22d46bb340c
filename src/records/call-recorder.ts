import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StereoRecording } from './stereo-recording.ts';

/** Where a call's record is. */
export interface RecordFiles {
  readonly folder: string;
  readonly call: string;
  readonly transcript: string;
  readonly audio: string;
}

/** What a recorder is opened with. */
export interface CallRecorderOptions {
  /** The folder of all records; the call gets one of its own in it. */
  readonly folder: string;
  readonly callId: string;
  /** Told of each failure; a record that cannot be written never harms the call. */
  readonly onError: (error: Error) => void;
}

/** Lines of the transcript that wait for the disk at most; beyond it the oldest are dropped and reported. */
const maxWaitingLines = 1000;

/** Writes one call's record while it runs: `call.json`, `transcript.jsonl`, `audio.wav`. */
export class CallRecorder {
  readonly files: RecordFiles;
  readonly #onError: (error: Error) => void;
  #audio: StereoRecording | undefined;
  #lines: string[] = [];
  #work: Promise<void>;

  constructor({ folder, callId, onError }: CallRecorderOptions) {
    const own = join(folder, callId);
    this.files = {
      folder: own,
      call: join(own, 'call.json'),
      transcript: join(own, 'transcript.jsonl'),
      audio: join(own, 'audio.wav'),
    };
    this.#onError = onError;
    this.#work = this.#try(async () => {
      await mkdir(own, { recursive: true });
      await writeFile(this.files.transcript, '');
    });
  }

  /** Starts the recording at the call's rate. */
  start(sampleRateHz: number): void {
    // the folder exists before the file is opened
    this.#queue(async () => {
      this.#audio = new StereoRecording({ path: this.files.audio, sampleRateHz, onError: this.#onError });
      for (const act of this.#early) act(this.#audio);
      this.#early = [];
    });
  }

  #early: ((audio: StereoRecording) => void)[] = [];

  callerAudio(pcm: Int16Array): void {
    const kept = this.#audio ? pcm : pcm.slice();
    this.#withAudio((audio) => audio.caller(kept));
  }

  agentAudio(pcm: Int16Array, inMs: number): void {
    const kept = this.#audio ? pcm : pcm.slice();
    this.#withAudio((audio) => audio.agent(kept, inMs));
  }

  agentCleared(inMs: number): void {
    this.#withAudio((audio) => audio.cleared(inMs));
  }

  /** Adds one line to the transcript. */
  line(line: object): void {
    if (this.#lines.length >= maxWaitingLines) {
      this.#lines.shift();
      this.#onError(new Error('the transcript waits for the disk: a line was dropped'));
    }
    this.#lines.push(JSON.stringify(line));
    this.#queue(async () => {
      const lines = this.#lines;
      this.#lines = [];
      if (lines.length > 0) await appendFile(this.files.transcript, `${lines.join('\n')}\n`);
    });
  }

  /** Completes the record with `call`, which becomes `call.json`; resolves when all is on disk, or has failed. */
  close(call: object): Promise<void> {
    this.#queue(async () => {
      await this.#audio?.close();
      await writeFile(this.files.call, `${JSON.stringify(call, null, 2)}\n`);
    });
    return this.#work;
  }

  #withAudio(act: (audio: StereoRecording) => void): void {
    if (this.#audio) act(this.#audio);
    else if (this.#early.length < maxWaitingLines) this.#early.push(act);
  }

  #queue(job: () => Promise<void>): void {
    this.#work = this.#work.then(() => this.#try(job));
  }

  async #try(job: () => Promise<void>): Promise<void> {
    try {
      await job();
    } catch (error) {
      this.#onError(error instanceof Error ? error : new Error('the record could not be written'));
    }
  }
}
