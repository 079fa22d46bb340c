/** What became of one reply, in samples at the call's rate; generated = heard + dropped + queued. */
export interface ReplyAccount {
  readonly reply: number;
  /** Whose words they are: the model's, or a sentence that Baari plays itself. */
  readonly by: 'model' | 'baari';
  readonly generated: number;
  readonly sent: number;
  readonly heard: number;
  readonly dropped: number;
  readonly queued: number;
}

/**
 * Keeps account of one reply at a time: what the model generated, what went to the carrier, what the caller heard.
 *
 * Invariant: heard ≤ sent ≤ generated.
 */
export class HeardLedger {
  #reply = 0;
  #by: ReplyAccount['by'] = 'model';
  #generated = 0;
  #sent = 0;
  #heard = 0;
  #dropped = 0;
  #isClosed = true;

  /** Opens the account of the next reply and returns its number, counted from 1. */
  open(by: ReplyAccount['by']): number {
    this.#reply += 1;
    this.#by = by;
    this.#generated = 0;
    this.#sent = 0;
    this.#heard = 0;
    this.#dropped = 0;
    this.#isClosed = false;
    return this.#reply;
  }

  addGenerated(samples: number): void {
    this.#generated += samples;
  }

  addSent(samples: number): void {
    this.#sent += samples;
  }

  get sent(): number {
    return this.#sent;
  }

  /** Moves the heard position forward; it never goes back. */
  heardUpTo(sample: number): void {
    this.#heard = Math.max(this.#heard, Math.min(sample, this.#sent));
  }

  /** Samples at the end of what was generated will not be sent. */
  drop(samples: number): void {
    this.#dropped += samples;
  }

  /** Closes the account: what was not heard is dropped. */
  close(): ReplyAccount {
    if (!this.#isClosed) this.#dropped = this.#generated - this.#heard;
    this.#isClosed = true;
    return this.account();
  }

  account(): ReplyAccount {
    return {
      reply: this.#reply,
      by: this.#by,
      generated: this.#generated,
      sent: this.#sent,
      heard: this.#heard,
      dropped: this.#dropped,
      queued: this.#generated - this.#heard - this.#dropped,
    };
  }
}
