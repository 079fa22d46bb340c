import pc from 'picocolors';
import type { CallObserver, TurnTimes } from '../../call/index.ts';
import type { TextSink } from '../output.ts';

/** Shows a call while it runs: who has the floor, what is said, how long each answer took. */
export function liveView(out: TextSink): CallObserver {
  const line = (atMs: number, text: string): void => {
    out.write(`${pc.dim(`${(atMs / 1000).toFixed(1).padStart(6)} s`)}  ${text}\n`);
  };
  let nowMs = 0;
  let holder = '';
  return {
    started: ({ sampleRateHz }, atMs) => line(atMs, pc.dim(`call answered at ${sampleRateHz} Hz`)),
    event(event, atMs) {
      nowMs = atMs;
      if (event.type === 'turn.floor' && event.floor !== holder && event.floor !== 'nobody') {
        holder = event.floor;
        line(
          atMs,
          event.floor === 'agent'
            ? pc.cyan('▶ the agent has the floor')
            : pc.yellow('▶ the caller has the floor'),
        );
      }
      if (event.type === 'turn.verdict') {
        line(
          atMs,
          pc.magenta(
            event.verdict === 'confirmed' ? '✋ barge-in: the agent stops' : '· not an interruption',
          ),
        );
      }
    },
    line({ who, text, unheard }) {
      const cut = unheard ? pc.dim(` [unheard: ${unheard}]`) : '';
      line(nowMs, who === 'agent' ? pc.cyan(`  agent:  ${text}`) + cut : pc.yellow(`  caller: ${text}`));
    },
    tool: ({ name, outcome, durationMs }, atMs) =>
      line(atMs, pc.green(`  tool:   ${name} ${outcome} after ${Math.round(durationMs)} ms`)),
    turn: (times) => {
      const text = latencyOf(times);
      if (text) line(nowMs, pc.dim(text));
    },
    ended({ tokens, cost, durationMs }) {
      const usd = cost ? `, about $${cost.usd.toFixed(4)} if they were Gemini’s` : '';
      line(durationMs, pc.dim(`call over; ${tokens.prompt} tokens in, ${tokens.response} out${usd}`));
    },
  };
}

function latencyOf({ callerEndedMs, toldMs, firstAudioMs, firstChunkMs }: TurnTimes): string | undefined {
  if (callerEndedMs === undefined || toldMs === undefined) return undefined;
  if (firstAudioMs === undefined || firstChunkMs === undefined) return undefined;
  const ms = (from: number, to: number): string => `${Math.round(to - from)} ms`;
  return (
    `  answered ${ms(callerEndedMs, firstChunkMs)} after the caller stopped: ` +
    `end of turn ${ms(callerEndedMs, toldMs)} + model ${ms(toldMs, firstAudioMs)} + prebuffer ${ms(firstAudioMs, firstChunkMs)}`
  );
}
