import { Text } from '@mantine/core';
import { memo } from 'react';
import type { Step } from '../../inspection/format.ts';
import { eventWords } from '../charts/event-words.ts';
import { timeText } from '../timeline/mark-words.ts';
import classes from './step-list.module.css';

/** So many are shown. */
const shown = 30;

/** The last transitions of a chart, the latest first, with their events and how long the states had lasted. */
export const StepList = memo(({ steps }: { readonly steps: readonly Step[] }) => {
  if (steps.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        No transition of this chart since this page watches.
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.frame} tabIndex={0} aria-label="Last transitions">
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Event</th>
            <th scope="col">Left, after</th>
            <th scope="col">Entered</th>
          </tr>
        </thead>
        <tbody>
          {steps
            .slice(-shown)
            .reverse()
            .map((step) => (
              <StepRow key={`${step.atMs} ${step.event} ${step.to.join()}`} step={step} />
            ))}
        </tbody>
      </table>
    </section>
  );
});

const StepRow = memo(({ step }: { step: Step }) => {
  const { atMs, event, detail, from, to } = step;
  return (
    <tr data-at={atMs}>
      <td className={classes.time}>{timeText(atMs)}</td>
      <td>
        {eventWords(event)}
        {detail && <span className={classes.dimmed}> {detail}</span>}
      </td>
      <td>
        {from.map(({ path, spentMs }) => (
          <div key={path}>
            <Path path={path} />
            {spentMs !== undefined && <span className={classes.dimmed}> {spentText(spentMs)}</span>}
          </div>
        ))}
        {from.length === 0 && <span className={classes.dimmed}>begins</span>}
      </td>
      <td>
        {to.map((path) => (
          <div key={path}>
            <Path path={path} />
          </div>
        ))}
        {to.length === 0 && <span className={classes.dimmed}>over</span>}
      </td>
    </tr>
  );
});

/** Where a state is, as far as it tells: what is around it is in the drawing. */
function Path({ path }: { readonly path: string }) {
  return <span title={path}>{path.split('.').slice(-2).join(' › ')}</span>;
}

function spentText(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
