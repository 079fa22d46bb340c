import { Button, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import type { Mark } from '../../inspection/format.ts';
import { IconButton } from '../shell/icon-button.tsx';
import { MarkList } from './mark-list.tsx';
import { markWords, timeText } from './mark-words.ts';
import classes from './timeline.module.css';
import { TimelineCanvas } from './timeline-canvas.tsx';
import { markNear, type Span, type TimelineData } from './timeline-data.ts';

/** What a timeline shows, and what may be done with it. */
export interface TimelineProps {
  readonly data: TimelineData;
  /** A call that is watched: its end is followed. */
  readonly isLive?: boolean;
  /** What is played, ms; without it there is no cursor. */
  readonly cursorMs?: number | undefined;
  /** Somebody wants to hear what is at `atMs`. */
  readonly onSeek?: ((atMs: number) => void) | undefined;
}

const widths = [
  { value: '5000', label: '5 s' },
  { value: '20000', label: '20 s' },
  { value: '60000', label: '1 min' },
] as const;
const whole = { value: 'all', label: 'All' } as const;
/** So near to the pointer a mark is named, px of a timeline of usual width, as a part of what is seen. */
const nearness = 0.012;
/** What an arrow key moves, ms; with the shift key ten times as much. */
const arrowMs = 500;

/** Both voices of a call on one time axis, with turns, verdicts, holds, outages and tools marked on it. */
export function Timeline({ data, isLive = false, cursorMs, onSeek }: TimelineProps) {
  const [width, setWidth] = useState<string>(isLive ? '20000' : 'all');
  const [chosenFromMs, setChosenFromMs] = useState<number>();
  const [near, setNear] = useState<Mark>();
  const view = viewOf(
    data.durationMs,
    width,
    chosenFromMs,
    isLive ? data.durationMs : (cursorMs ?? 0),
    isLive,
  );
  const spanMs = view.toMs - view.fromMs;
  const move = (by: number): void => {
    const latest = Math.max(0, data.durationMs - spanMs);
    setChosenFromMs(Math.min(latest, Math.max(0, view.fromMs + by * spanMs)));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (direction === undefined || !onSeek) return;
    event.preventDefault();
    const toMs = (cursorMs ?? 0) + direction * arrowMs * (event.shiftKey ? 10 : 1);
    onSeek(Math.min(data.durationMs, Math.max(0, toMs)));
  };

  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Legend />
        <Group gap={4}>
          <IconButton label="Earlier" icon={IconChevronLeft} onClick={() => move(-0.5)} />
          <SegmentedControl
            size="xs"
            aria-label="How much of the call is seen"
            data={[...widths, whole]}
            value={width}
            onChange={(value) => {
              setWidth(value);
              setChosenFromMs(undefined);
            }}
          />
          <IconButton label="Later" icon={IconChevronRight} onClick={() => move(0.5)} />
          {chosenFromMs !== undefined && (
            <Button size="compact-xs" variant="light" onClick={() => setChosenFromMs(undefined)}>
              {isLive ? 'To the end' : 'Follow'}
            </Button>
          )}
        </Group>
      </Group>
      <section
        className={classes.frame}
        {...(onSeek && {
          role: 'slider',
          tabIndex: 0,
          'aria-valuemin': 0,
          'aria-valuemax': Math.round(data.durationMs),
          'aria-valuenow': Math.round(cursorMs ?? 0),
          'aria-valuetext': timeText(cursorMs ?? 0),
          onKeyDown,
        })}
        aria-label={onSeek ? 'Where it plays' : 'Both voices on one time axis'}
        data-seekable={onSeek !== undefined}
      >
        <TimelineCanvas
          data={data}
          view={view}
          cursorMs={cursorMs}
          onPoint={(atMs) =>
            setNear(atMs === undefined ? undefined : markNear(data.marks, atMs, spanMs * nearness))
          }
          onSeek={onSeek}
        />
      </section>
      <Text size="xs" c="dimmed" mih="1.2em">
        {near ? `${timeText(near.atMs)} ${markWords(near)}` : 'Point at a mark to read what it is.'}
      </Text>
      <MarkList marks={data.marks} onSeek={onSeek} />
    </Stack>
  );
}

function Legend() {
  return (
    <Group gap="md" component="ul" className={classes.legend}>
      <li data-of="caller">Caller</li>
      <li data-of="agent">Agent, as heard</li>
      <li data-of="hold">Held or barge-in</li>
      <li data-of="outage">No model</li>
    </Group>
  );
}

/** What is seen: as much as wanted, from where it was wanted, else with what is followed in it. */
function viewOf(
  durationMs: number,
  width: string,
  chosenFromMs: number | undefined,
  followedMs: number,
  isLive: boolean,
): Span {
  const wholeMs = Math.max(1000, durationMs);
  const spanMs = width === whole.value ? wholeMs : Number(width);
  if (width === whole.value) return { fromMs: 0, toMs: wholeMs };
  // a past call turns the page, a live one goes by
  const followed = isLive ? followedMs - spanMs : Math.floor(followedMs / spanMs) * spanMs;
  const fromMs = Math.max(0, Math.min(chosenFromMs ?? followed, durationMs - spanMs));
  return { fromMs, toMs: fromMs + spanMs };
}
