import { memo, useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { CallRow } from '../../inspection/format.ts';
import classes from './call-table.module.css';
import { floorWords, healthWords } from './call-words.ts';
import { LatencyBars } from './latency-bars.tsx';
import { type CallOrder, sortedCalls } from './sorted-calls.ts';
import { Ticking } from './ticking.tsx';

const columns: readonly { readonly by: CallOrder; readonly label: string; readonly isWide?: boolean }[] = [
  { by: 'agent', label: 'Agent' },
  { by: 'caller', label: 'Caller', isWide: true },
  { by: 'floor', label: 'Floor' },
  { by: 'came', label: 'Lasts' },
  { by: 'latency', label: 'Replies after' },
  { by: 'health', label: 'Health', isWide: true },
];

const noCalls: readonly CallRow[] = [];

/** The live calls, one in a row; on a narrow screen caller and health stand under agent and duration. */
export function CallTable({
  calls,
  wallOffsetMs,
}: {
  readonly calls: readonly CallRow[];
  readonly wallOffsetMs: number;
}) {
  const [order, setOrder] = useState<{ by: CallOrder; isReversed: boolean }>({
    by: 'came',
    isReversed: false,
  });
  // drawn bit by bit, and not at all when the next change is there already: hundreds of rows must not hold the page up
  const shown = useDeferredValue(calls, noCalls);
  const shownOrder = useDeferredValue(order);
  const sorted = useMemo(() => sortedCalls(shown, shownOrder.by, shownOrder.isReversed), [shown, shownOrder]);
  const sortBy = (by: CallOrder): void =>
    setOrder((last) => ({ by, isReversed: last.by === by && !last.isReversed }));
  return (
    <table className={classes.table} aria-label="Live calls">
      <thead>
        <tr>
          {columns.map(({ by, label, isWide }) => (
            <th
              key={by}
              scope="col"
              className={isWide ? classes.wide : undefined}
              aria-sort={order.by !== by ? 'none' : order.isReversed ? 'descending' : 'ascending'}
            >
              <button type="button" onClick={() => sortBy(by)}>
                {label}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row) => (
          <Row key={row.callId} row={row} wallOffsetMs={wallOffsetMs} />
        ))}
      </tbody>
    </table>
  );
}

/** Plain elements: with hundreds of calls, what a component library adds to each would be felt. */
const Row = memo(({ row, wallOffsetMs }: { row: CallRow; wallOffsetMs: number }) => {
  const {
    callId,
    agent,
    caller = 'unknown',
    floor,
    because,
    floorSinceMs,
    latenciesMs,
    health,
    isMuted,
  } = row;
  const acceptedMs = row.acceptedWallMs - wallOffsetMs;
  const told = (
    <span className={classes.health} data-health={health}>
      {healthWords[health]}
      {isMuted && ', muted'}
    </span>
  );
  return (
    <tr data-call={callId}>
      <td>
        <Link href={`/live/${callId}`} aria-label={`Watch ${agent} with ${caller}`}>
          {agent}
        </Link>
        <span className={`${classes.narrow} ${classes.dimmed}`}>{caller}</span>
      </td>
      <td className={classes.wide}>{caller}</td>
      <td>
        <span className={classes.floor} data-floor={floor} title={because}>
          {floorWords[floor]}
        </span>{' '}
        <span className={classes.dimmed}>
          <Ticking sinceMs={acceptedMs + floorSinceMs} />
        </span>
      </td>
      <td>
        <Ticking sinceMs={acceptedMs} />
        <span className={classes.narrow}>{told}</span>
      </td>
      <td>
        <LatencyBars latenciesMs={latenciesMs} />
      </td>
      <td className={classes.wide}>{told}</td>
    </tr>
  );
});
