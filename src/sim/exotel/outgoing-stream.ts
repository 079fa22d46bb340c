import type { Chance } from '../../time/index.ts';
import type { CallIdentity } from './call-identity.ts';
import type { CallTime } from './call-time.ts';
import type { Note } from './caller-events.ts';
import { DuplicateConnection, type DuplicateReport } from './duplicate-connection.ts';
import { ExotelWriter } from './exotel-writer.ts';
import type { Line, LineOptions } from './line.ts';
import type { ExotelProfile } from './profile.ts';
import type { SampleTrack } from './sample-track.ts';
import { Uplink } from './uplink.ts';
import type { Voice } from './voice.ts';

export interface OutgoingStreamOptions {
  readonly time: CallTime;
  readonly chance: Chance;
  readonly profile: ExotelProfile;
  readonly identity: CallIdentity;
  readonly voice: Voice;
  readonly heard: SampleTrack;
  readonly spoken: SampleTrack;
  readonly line: Line;
  readonly lineOptions: Omit<LineOptions, 'listener'>;
  readonly note: Note;
  /** The stream has lasted as long as Exotel lets it. */
  readonly onLimit: () => void;
}

/** What Exotel sends on one call, in its order: `connected`, `start`, media, and whatever comes between. */
export class OutgoingStream {
  readonly #options: OutgoingStreamOptions;
  readonly #writer: ExotelWriter;
  readonly #uplink: Uplink;
  #duplicate: DuplicateConnection | undefined;
  #isAnnounced = false;

  constructor(options: OutgoingStreamOptions) {
    this.#options = options;
    this.#writer = new ExotelWriter(options.profile, options.identity);
    this.#uplink = new Uplink({ ...options, send: (frame, endMs) => this.#sendFrame(frame, endMs) });
  }

  /** True once `start` has been sent. */
  get isAnnounced(): boolean {
    return this.#isAnnounced;
  }

  get nextSample(): number {
    return this.#uplink.nextSample;
  }

  get frameSentMs(): readonly number[] {
    return this.#uplink.sentMs;
  }

  get duplicate(): DuplicateReport | undefined {
    return this.#duplicate?.report;
  }

  /** Begins at call time 0. */
  begin(): void {
    const { time, profile } = this.#options;
    this.#send(this.#writer.connected());
    if (profile.framesBeforeStart === 0) this.#announce();
    this.#uplink.start();
    const { duplicateStartAtMs, secondConnectionAtMs } = profile;
    if (duplicateStartAtMs !== undefined) time.at(duplicateStartAtMs, () => this.#send(this.#writer.start()));
    if (secondConnectionAtMs !== undefined) time.at(secondConnectionAtMs, () => this.#connectAgain());
  }

  pressDigit(digit: string, durationMs: number): void {
    this.#send(this.#writer.dtmf(digit, durationMs));
  }

  returnMark(name: string): void {
    this.#send(this.#writer.mark(name));
  }

  sendStop(): void {
    this.#send(this.#writer.stop());
  }

  /** Sends nothing more. */
  end(): void {
    this.#uplink.stop();
    this.#duplicate?.drop();
  }

  #announce(): void {
    this.#isAnnounced = true;
    this.#send(this.#writer.start());
    this.#options.note('started', this.#options.identity.streamSid);
  }

  #connectAgain(): void {
    const { lineOptions, profile, identity, time } = this.#options;
    const writer = new ExotelWriter(profile, identity);
    this.#duplicate = new DuplicateConnection(lineOptions, writer, () => time.nowMs);
  }

  #sendFrame(frame: Int16Array, endMs: number): void {
    const { profile, onLimit } = this.#options;
    this.#send(this.#writer.media(frame, endMs));
    this.#duplicate?.sendMedia(frame, endMs);
    if (!this.#isAnnounced && endMs >= profile.framesBeforeStart * profile.frameMs) this.#announce();
    if (endMs >= profile.maxStreamMs) onLimit();
  }

  #send(text: string): void {
    this.#options.line.send(text);
  }
}
