import { mkdir, rm } from 'node:fs/promises';
import type { WavWriterOptions } from '../audio/index.ts';
import { type Clock, systemChance } from '../time/index.ts';
import { noteDue, type RecordStep } from './due-steps.ts';
import { asError, insist, LineFile } from './line-file.ts';
import { Patience } from './patience.ts';
import { type RecordDisk, realDisk } from './record-disk.ts';
import { type RecordFiles, recordFiles } from './record-files.ts';
import { createSealedWav, type SealKeys, sealedDisk } from './seal/index.ts';
import { StereoRecording } from './stereo-recording.ts';

/** What a recorder is opened with. */
export interface CallRecorderOptions {
  /** The folder of all records; the call gets one of its own in it. */
  readonly folder: string;
  readonly callId: string;
  readonly clock: Clock;
  /** Told of the first of several failures in a row; a record that cannot be written never harms the call. */
  readonly onError: (error: Error) => void;
  /** Aborted when the service stops: each write is then tried once more at most. */
  readonly hurry?: AbortSignal | undefined;
  readonly disk?: RecordDisk;
  /** Opens the recording, unless it is sealed; a plain file unless told otherwise. */
  readonly openWav?: WavWriterOptions['openFile'];
  /** Seals all that is written; as it is without. */
  readonly keys?: SealKeys | undefined;
  /** What is to be done about the record once it is complete. */
  readonly due?: readonly RecordStep[];
}

/** What became of a record. */
export interface RecordOutcome {
  /** Nothing of it is missing but silence in the audio that was told of. */
  readonly isComplete: boolean;
  /** Writes that were tried again. */
  readonly retries: number;
}

/** Acts on the audio that wait for its file to be opened at most; later ones are left out. */
const mostEarlyActs = 1000;

/** Writes one call's record while it runs: `journal.jsonl`, `transcript.jsonl`, `audio.wav`, and `call.json` at the end. */
export class CallRecorder {
  readonly files: RecordFiles;
  readonly #onError: (error: Error) => void;
  readonly #disk: RecordDisk;
  /** For what is not part of the record. */
  readonly #plain: RecordDisk;
  readonly #openWav: WavWriterOptions['openFile'];
  readonly #due: readonly RecordStep[];
  readonly #patience: Patience;
  readonly #transcript: LineFile;
  readonly #journal: LineFile;
  #open: readonly object[] | undefined;
  #writingOpen: Promise<void> | undefined;
  #audio: StereoRecording | undefined;
  #opening: Promise<void> | undefined;
  #early: ((audio: StereoRecording) => void)[] = [];
  #lostAudio = false;

  constructor({
    folder,
    callId,
    clock,
    onError,
    hurry,
    disk: plain = realDisk,
    openWav,
    due = [],
    keys,
  }: CallRecorderOptions) {
    const disk = keys ? sealedDisk(plain, keys, systemChance) : plain;
    this.files = recordFiles(folder, callId);
    this.#onError = onError;
    this.#disk = disk;
    this.#plain = plain;
    this.#due = due;
    this.#openWav = keys ? createSealedWav(keys, systemChance) : openWav;
    const patience = new Patience(clock, hurry);
    this.#patience = patience;
    this.#transcript = new LineFile({ path: this.files.transcript, disk, patience, onError });
    this.#journal = new LineFile({ path: this.files.journal, disk, patience, onError });
  }

  /** Starts the recording at the call's rate. */
  start(sampleRateHz: number): void {
    this.#opening ??= this.#openAudio(sampleRateHz);
  }

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
    this.#transcript.add(line);
  }

  /** What is known of lines that are not complete: after a crash they are added to the transcript. */
  openLines(lines: readonly object[]): void {
    this.#open = lines;
    this.#writingOpen ??= this.#writeOpen().finally(() => {
      this.#writingOpen = undefined;
    });
  }

  /** Adds one line to the journal. */
  journal(entry: object): void {
    this.#journal.add(entry);
  }

  /** Completes the record with `call`, which becomes `call.json`; resolves when all is on disk, or is given up. */
  async close(call: object): Promise<RecordOutcome> {
    this.#patience.callEnded();
    await Promise.all([this.#closeAudio(), this.#transcript.settled(), this.#journal.settled()]);
    await this.#writingOpen;
    // all of them are in the transcript
    await rm(this.files.open, { force: true }).catch(asError);
    // the last: a record without it was cut off
    const text = `${JSON.stringify(call, null, 2)}\n`;
    const write = async (): Promise<void> => {
      if (this.#due.length > 0) await noteDue(this.files, this.#due, this.#plain);
      await this.#disk.replace(this.files.call, text);
    };
    const isWritten = await insist(write, this.#patience, this.#onError);
    const lost = this.#transcript.lost + this.#journal.lost;
    return {
      isComplete: isWritten && lost === 0 && !this.#lostAudio,
      retries: this.#patience.retries,
    };
  }

  /** Not tried again: the next second brings the next. */
  async #writeOpen(): Promise<void> {
    while (this.#open) {
      const text = JSON.stringify(this.#open);
      this.#open = undefined;
      await this.#disk
        .replace(this.files.open, text)
        .catch((error: unknown) => this.#onError(asError(error)));
    }
  }

  async #openAudio(sampleRateHz: number): Promise<void> {
    // the folder exists before the file is opened; where it cannot be made, opening the file says so
    await mkdir(this.files.folder, { recursive: true }).catch(() => undefined);
    const audio = new StereoRecording({
      path: this.files.audio,
      sampleRateHz,
      openFile: this.#openWav,
      onError: (error) => {
        this.#lostAudio = true;
        this.#onError(error);
      },
      again: (failures, error) => this.#audioAgain(failures, error),
    });
    this.#audio = audio;
    for (const act of this.#early) act(audio);
    this.#early = [];
  }

  async #audioAgain(failures: number, error: unknown): Promise<boolean> {
    const isToBe = await this.#patience.again(failures);
    if (isToBe && failures === 1) this.#onError(asError(error));
    if (isToBe) await mkdir(this.files.folder, { recursive: true }).catch(() => undefined);
    return isToBe;
  }

  async #closeAudio(): Promise<void> {
    await this.#opening;
    await this.#audio?.close();
  }

  #withAudio(act: (audio: StereoRecording) => void): void {
    if (this.#audio) act(this.#audio);
    else if (this.#early.length < mostEarlyActs) this.#early.push(act);
  }
}
