import { Group, Switch, Text } from '@mantine/core';
import { IconArrowsDiagonal, IconMinus, IconPlus } from '@tabler/icons-react';
import { memo, useEffect, useRef, useState } from 'react';
import { IconButton } from '../shell/icon-button.tsx';
import classes from './chart-view.module.css';
import { type DrawnArrow, type DrawnChart, type DrawnState, linesOf } from './drawn-chart.ts';

/** What is to be seen of a chart that runs. */
export interface ChartViewProps {
  readonly chart: DrawnChart;
  /** The ids of the states in force. */
  readonly lit: ReadonlySet<string>;
  /** The arrows that were taken last, `source target`, each with the event that took it. */
  readonly last?: ReadonlyMap<string, string> | undefined;
}

const zooms = [0.25, 0.35, 0.5, 0.7, 1, 1.4] as const;
const usualZoom = 3;

/** A machine as it was laid out, the states in force lit; it scrolls to them as they change, unless told not to. */
export function ChartView({ chart, lit, last }: ChartViewProps) {
  const [zoom, setZoom] = useState<number>(usualZoom);
  const [isFollowing, setIsFollowing] = useState(true);
  const frame = useRef<HTMLElement>(null);
  const scale = zooms[zoom] ?? 1;
  const leaf = chart.states.findLast(({ id, kind }) => lit.has(id) && kind === 'atomic');

  useEffect(() => {
    if (!isFollowing || !leaf || !frame.current) return;
    const { clientWidth, clientHeight } = frame.current;
    frame.current.scrollTo({
      left: (leaf.x + leaf.width / 2) * scale - clientWidth / 2,
      top: (leaf.y + leaf.height / 2) * scale - clientHeight / 2,
      behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth',
    });
  }, [isFollowing, leaf, scale]);

  const fit = (): void => {
    const widest = (frame.current?.clientWidth ?? chart.width) / chart.width;
    setZoom(
      Math.max(
        0,
        zooms.findLastIndex((one) => one <= widest),
      ),
    );
  };

  return (
    <section aria-label={`The chart ${chart.id}`}>
      <Group justify="space-between" mb={4} wrap="nowrap">
        <Text size="sm" c="dimmed" aria-live="off">
          {leaf ? `${chart.id}: ${leaf.id.split('.').slice(1).join(' › ')}` : `${chart.id}: not running`}
        </Text>
        <Group gap={4} wrap="nowrap">
          <Switch
            size="xs"
            label="Follow"
            checked={isFollowing}
            onChange={(event) => setIsFollowing(event.currentTarget.checked)}
          />
          <IconButton label="Smaller" icon={IconMinus} onClick={() => setZoom(Math.max(0, zoom - 1))} />
          <IconButton label="Fit the width" icon={IconArrowsDiagonal} onClick={fit} />
          <IconButton
            label="Larger"
            icon={IconPlus}
            onClick={() => setZoom(Math.min(zooms.length - 1, zoom + 1))}
          />
        </Group>
      </Group>
      <section
        className={classes.frame}
        ref={frame}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={`Drawing of ${chart.id}`}
      >
        <svg
          className={classes.chart}
          width={chart.width * scale}
          height={chart.height * scale}
          viewBox={`0 0 ${chart.width} ${chart.height}`}
          role="img"
          aria-label={`${chart.id}, ${chart.states.length} states`}
        >
          <defs>
            <marker
              id={`tip-${chart.id}`}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" fill="context-stroke" />
            </marker>
          </defs>
          {chart.states.map((state) => (
            <State key={state.id} state={state} isLit={lit.has(state.id)} />
          ))}
          {chart.arrows.map((arrow) => (
            <Arrow
              key={`${arrow.source} ${arrow.target}`}
              arrow={arrow}
              tip={`url(#tip-${chart.id})`}
              lastEvent={last?.get(`${arrow.source} ${arrow.target}`)}
            />
          ))}
        </svg>
      </section>
    </section>
  );
}

const State = memo(({ state, isLit }: { state: DrawnState; isLit: boolean }) => {
  const { id, key, description, kind, isRegion, isInitial, reactions, x, y, width, height } = state;
  const told = reactions.map((reaction) => `· ${linesOf(reaction).join(' ')}`).join('\n');
  return (
    <g data-state={id} data-lit={isLit} data-kind={kind} data-region={isRegion} className={classes.state}>
      <title>{[key, description, told].filter(Boolean).join('\n')}</title>
      <rect x={x} y={y} width={width} height={height} rx={kind === 'final' ? height / 2 : 6} />
      {isInitial && <circle cx={x + 8} cy={y + (kind === 'atomic' ? height / 2 : 18)} r={3} />}
      <text x={x + 15} y={y + (kind === 'atomic' || kind === 'final' ? height / 2 + 5 : 22)}>
        {key}
      </text>
      {reactions.map(({ id: reaction }) => (
        <desc key={reaction} data-transition={reaction} />
      ))}
    </g>
  );
});

const Arrow = memo(
  ({ arrow, tip, lastEvent }: { arrow: DrawnArrow; tip: string; lastEvent: string | undefined }) => {
    const { points, labels, labelAt } = arrow;
    const isLast = labels.some(({ event }) => event === lastEvent);
    let line = 0;
    return (
      <g className={classes.arrow} data-last={isLast}>
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} markerEnd={tip} />
        {labels.map((label) => {
          const lines = linesOf(label);
          const at = line;
          line += lines.length;
          return (
            <text key={label.id} data-transition={label.id} data-last={label.event === lastEvent}>
              {lines.map((text, index) => (
                <tspan key={text} x={labelAt.x + 4} y={labelAt.y + 10 + 12 * (at + index)}>
                  {text}
                </tspan>
              ))}
            </text>
          );
        })}
      </g>
    );
  },
);
