import { bakeryScript, type ListeningGemini, SimulatedGemini } from '../../sim/index.ts';
import { systemChance, systemClock } from '../../time/index.ts';
import { findGoogle, geminiDial, type WayToGemini, waysToGemini } from '../gemini-access.ts';
import { type Terminal, UserError } from '../output.ts';

/** Google's server where the environment has a way to it, the built-in simulator where not. */
export async function findGemini(
  wanted: string,
  env: Terminal['env'],
): Promise<WayToGemini & { simulated: ListeningGemini | undefined }> {
  if (!['auto', 'google', 'simulated'].includes(wanted)) {
    throw new UserError(`--gemini: expected auto, google or simulated, found "${wanted}"`, 2);
  }
  const google = wanted === 'simulated' ? undefined : await findGoogle(env, systemClock);
  if (google) return { ...google, simulated: undefined };
  if (wanted === 'google') throw new UserError(`expected ${waysToGemini}, found none`, 2);
  const simulated = await SimulatedGemini.listen({
    clock: systemClock,
    chance: systemChance,
    script: bakeryScript(),
  });
  return { access: { apiKey: 'simulated', baseUrl: simulated.url }, dial: geminiDial(), simulated };
}
