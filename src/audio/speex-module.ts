import instantiatePlain, {
  type Pointer,
  type SpeexModule,
  type SpeexModuleOptions,
} from '@echogarden/speex-resampler-wasm';
import instantiateSimd from '@echogarden/speex-resampler-wasm/simd';
import { AudioError } from './errors.ts';

/** Most samples handed to the module at a time; longer input is handed over in pieces. */
export const BLOCK_SAMPLES = 512;
/** Room for what a block becomes at the steepest ratio (1:3), and a little more. */
export const OUTPUT_BLOCK_SAMPLES = BLOCK_SAMPLES * 3 + 16;

/** The module of this process with the working memory that all resamplers share: they run one after another. */
export interface Speex {
  readonly build: string;
  readonly module: SpeexModule;
  readonly inputAt: Pointer;
  readonly outputAt: Pointer;
  readonly inputCountAt: Pointer;
  readonly outputCountAt: Pointer;
}

/** One build of the module and how to start it. */
export interface SpeexBuild {
  readonly name: string;
  readonly instantiate: (options?: SpeexModuleOptions) => Promise<SpeexModule>;
}

/**
 * Starts the first of `builds` that this machine can run.
 *
 * @throws AudioError `AUDIO_RESAMPLER_FAILED` naming why each build failed, when all do.
 */
export async function startSpeex(builds: readonly SpeexBuild[]): Promise<Speex> {
  const failures: string[] = [];
  for (const { name, instantiate } of builds) {
    try {
      const module = await instantiate({ printErr: () => {} });
      return {
        build: name,
        module,
        inputAt: module._malloc(BLOCK_SAMPLES * 2),
        outputAt: module._malloc(OUTPUT_BLOCK_SAMPLES * 2),
        inputCountAt: module._malloc(4),
        outputCountAt: module._malloc(4),
      };
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new AudioError(
    'AUDIO_RESAMPLER_FAILED',
    `expected a resampler that runs on this machine, but ${failures.join('; ')}`,
  );
}

/**
 * Awaited while this file is imported, so that a resampler can be made synchronously and nobody can forget to load it.
 */
export const speex: Speex = await startSpeex([
  { name: 'simd', instantiate: instantiateSimd },
  { name: 'plain', instantiate: instantiatePlain },
]);
