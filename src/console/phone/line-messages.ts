/** What the page tells the line processor. */
export type LineCommand =
  | { readonly type: 'play'; readonly samples: Float32Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' };

/** What the line processor tells the page. */
export type LineReport =
  | {
      readonly type: 'spoken';
      readonly pcm: Int16Array;
      readonly spokenPeak: number;
      readonly heardPeak: number;
      readonly queuedMs: number;
      readonly gaps: number;
    }
  | { readonly type: 'played'; readonly marks: readonly string[] }
  | { readonly type: 'cleared'; readonly marks: readonly string[] };

/** The name under which the processor is registered. */
export const lineProcessor = 'baari-line';

/** One media frame, samples: 20 ms at 8000 Hz, as Exotel sends them. */
export const frameSamples = 160;
