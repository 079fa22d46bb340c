import { describe } from 'vitest';

/** Why Silero cannot run here, or undefined. */
const missing = isInstalled() ? undefined : 'onnxruntime-node, an optional dependency, is not installed';

/** A group of tests that need Silero's runtime; where it is missing they are skipped and say why. */
export function describeWithSilero(name: string, tests: () => void): void {
  if (missing) console.log(`skipped: ${name}: ${missing}`);
  describe.skipIf(missing !== undefined)(name, tests);
}

function isInstalled(): boolean {
  try {
    import.meta.resolve('onnxruntime-node');
    return true;
  } catch {
    return false;
  }
}
