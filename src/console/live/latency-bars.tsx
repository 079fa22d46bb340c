import classes from './call-table.module.css';

/** A reply after so long is slow, ms; and so long is a bar of full height. */
const slowMs = 1500;
const fullMs = 2000;
const barPx = { width: 5, gap: 2, height: 18 } as const;

/** How long the last replies took: a bar for each, and the last one as a number. */
export function LatencyBars({ latenciesMs }: { readonly latenciesMs: readonly number[] }) {
  const last = latenciesMs.at(-1);
  if (last === undefined) return <span className={classes.dimmed}>none yet</span>;
  const { width, gap, height } = barPx;
  return (
    <span title={latenciesMs.map((ms) => `${ms} ms`).join(', ')}>
      <svg className={classes.latency} width={latenciesMs.length * (width + gap)} height={height} aria-hidden>
        {latenciesMs.map((ms, at) => {
          const tall = Math.max(2, Math.min(1, ms / fullMs) * height);
          return (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
              key={at}
              x={at * (width + gap)}
              y={height - tall}
              width={width}
              height={tall}
              data-slow={ms > slowMs}
            />
          );
        })}
      </svg>
      {last < 10_000 ? `${last} ms` : `${Math.round(last / 1000)} s`}
    </span>
  );
}
