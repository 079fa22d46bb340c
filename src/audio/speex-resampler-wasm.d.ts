/** The package ships no types; these name the part of SpeexDSP's C interface that is used here. */
declare module '@echogarden/speex-resampler-wasm' {
  /** An address on the module's heap, in bytes. */
  export type Pointer = number;

  export interface SpeexModule {
    /** Replaced whenever the heap grows: read it anew for every access. */
    readonly HEAP16: Int16Array;
    readonly HEAP32: Int32Array;
    _malloc(bytes: number): Pointer;
    _free(at: Pointer): void;
    _speex_resampler_init(
      channels: number,
      fromHz: number,
      toHz: number,
      quality: number,
      error: Pointer,
    ): Pointer;
    _speex_resampler_destroy(state: Pointer): void;
    /** Reads and overwrites both counts (uint32, samples): offered before, consumed and produced after. */
    _speex_resampler_process_int(
      state: Pointer,
      channel: number,
      input: Pointer,
      inputCount: Pointer,
      output: Pointer,
      outputCount: Pointer,
    ): number;
    _speex_resampler_get_input_latency(state: Pointer): number;
    _speex_resampler_reset_mem(state: Pointer): number;
  }

  export interface SpeexModuleOptions {
    /** Where the runtime writes its own errors; the console unless given. */
    printErr?: (text: string) => void;
    /** Used in place of the file beside the module. */
    wasmBinary?: Uint8Array;
  }

  const instantiate: (options?: SpeexModuleOptions) => Promise<SpeexModule>;

  // biome-ignore lint/style/noDefaultExport: the package has no other export
  export { instantiate as default };
}

declare module '@echogarden/speex-resampler-wasm/simd' {
  import type { SpeexModule, SpeexModuleOptions } from '@echogarden/speex-resampler-wasm';

  const instantiate: (options?: SpeexModuleOptions) => Promise<SpeexModule>;

  // biome-ignore lint/style/noDefaultExport: the package has no other export
  export { instantiate as default };
}
