import { outcomeLabel } from '../records/record-words.ts';
import type { Moment } from './history.ts';

/** One line of a plot. */
interface PlotLine {
  readonly label: string;
  readonly colour: string;
  readonly of: (moment: Moment) => number | undefined;
}

/** Some of the service’s metrics over time. */
export interface Plot {
  readonly title: string;
  readonly about: string;
  readonly unit: string;
  readonly lines: readonly PlotLine[];
}

const agent = 'var(--baari-agent)';
const caller = 'var(--baari-caller)';
const lit = 'var(--baari-lit)';
const more = [agent, caller, lit, 'violet.6', 'green.7', 'gray.6', 'pink.6', 'indigo.5', 'lime.7'] as const;

/** What is plotted, given which outcomes calls have had. */
export function plotsOf(outcomes: readonly string[]): readonly Plot[] {
  return [
    {
      title: 'Live calls',
      about: 'now',
      unit: '',
      lines: [{ label: 'Live calls', colour: agent, of: ({ gauges }) => gauges.live }],
    },
    {
      title: 'Calls that ended',
      about: 'in the minute before',
      unit: '',
      lines: outcomes.map((outcome, at) => ({
        label: outcomeLabel(outcome),
        colour: more[at % more.length] ?? agent,
        of: (moment) => moment.outcomes[outcome] ?? 0,
      })),
    },
    {
      title: 'Answer latency',
      about: 'of the minute before',
      unit: ' ms',
      lines: [
        { label: 'Half within', colour: agent, of: ({ p50Ms }) => p50Ms },
        { label: '95 % within', colour: lit, of: ({ p95Ms }) => p95Ms },
      ],
    },
    {
      title: 'Gaps in replies',
      about: 'in the minute before; ms are counted as calls end',
      unit: '',
      lines: [
        { label: 'Underruns', colour: lit, of: ({ counts }) => counts.underruns },
        { label: 'Gaps, ms', colour: caller, of: ({ counts }) => counts.gapMs },
      ],
    },
    {
      title: 'Event-loop lag',
      about: 'of 99 % of the turns',
      unit: ' ms',
      lines: [{ label: 'Lag', colour: agent, of: ({ gauges }) => gauges.lagMs }],
    },
    {
      title: 'Gemini',
      about: 'in the minute before',
      unit: '',
      lines: [
        { label: 'Reconnects', colour: caller, of: ({ counts }) => counts.reconnects },
        { label: 'Rescues of a silent model', colour: agent, of: ({ counts }) => counts.rescues },
        { label: 'Calls that failed', colour: lit, of: ({ counts }) => counts.callFailures },
      ],
    },
    {
      title: 'Tools',
      about: 'in the minute before',
      unit: '',
      lines: [
        { label: 'Calls that failed', colour: lit, of: ({ counts }) => counts.toolFailures },
        { label: 'Servers lost', colour: caller, of: ({ counts }) => counts.toolServerFailures },
      ],
    },
    {
      title: 'Records and webhooks',
      about: 'waiting now, failed in the minute before',
      unit: '',
      lines: [
        { label: 'Webhooks waiting', colour: agent, of: ({ gauges }) => gauges.waitingWebhooks },
        { label: 'Webhooks given up', colour: caller, of: ({ gauges }) => gauges.deadWebhooks },
        { label: 'Webhooks failed', colour: lit, of: ({ counts }) => counts.failedWebhooks },
        { label: 'Record store failed', colour: 'violet.6', of: ({ counts }) => counts.storeFailures },
      ],
    },
    {
      title: 'Memory',
      about: 'now',
      unit: ' MB',
      lines: [
        { label: 'Resident', colour: agent, of: ({ gauges }) => gauges.memoryMb },
        { label: 'JavaScript', colour: caller, of: ({ gauges }) => gauges.heapMb },
      ],
    },
  ];
}
