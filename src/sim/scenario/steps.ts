import { loadCaller } from '../callers/index.ts';
import type { DialogueStep } from '../exotel/dialogue.ts';
import type { ScenarioClip } from './clips.ts';
import type { Scenario, ScenarioStep } from './schema.ts';

/** The steps of one call of a scenario; `index` is the call's number, for settings that go round. */
export async function dialogueSteps(
  scenario: Scenario,
  clip: ScenarioClip | undefined,
  index: number,
): Promise<DialogueStep[]> {
  const steps: DialogueStep[] = [{ wait: 'connected', withinMs: 10_000 }];
  for (const step of scenario.steps) {
    if ('press' in step) steps.push(...presses(step));
    else steps.push(await dialogueStep(step, clip, index));
  }
  return steps;
}

function presses({ press, every_ms }: Extract<ScenarioStep, { press: string }>): DialogueStep[] {
  return [...press].flatMap((key) => [{ press: key }, { pause: every_ms }]);
}

async function dialogueStep(
  step: Exclude<ScenarioStep, { press: string }>,
  clip: ScenarioClip | undefined,
  index: number,
): Promise<DialogueStep> {
  if ('pause' in step) return { pause: step.pause };
  if ('wait' in step) {
    if (step.wait === 'ended') return { wait: 'ended', withinMs: step.within_ms };
    if (step.wait === 'agent_audible') return { wait: 'agentAudible', withinMs: step.within_ms };
    return { wait: 'agentFinished', withinMs: step.within_ms, forMs: step.for_ms };
  }
  const isClip = step.say === '$clip';
  if (isClip && !clip) throw new Error('the scenario says $clip, but its clips are "none"');
  const say = step.say === '$clip' ? clip : await loadCaller(step.say);
  const audible = step.after_agent_audible_ms;
  const afterAgentAudibleMs = Array.isArray(audible) ? audible[index % audible.length] : audible;
  return {
    say: say ?? { samples: new Int16Array(0), sampleRateHz: 8000 },
    name: isClip ? 'clip' : step.say,
    ...(step.after_ms === undefined ? {} : { afterMs: step.after_ms }),
    ...(afterAgentAudibleMs === undefined ? {} : { afterAgentAudibleMs, withinMs: 20_000 }),
  };
}
