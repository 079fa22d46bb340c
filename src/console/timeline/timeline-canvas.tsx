import { useComputedColorScheme } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type PointerEvent, useEffect, useRef } from 'react';
import { drawTimeline, timelinePx } from './draw-timeline.ts';
import { type Colour, colourNames } from './mark-words.ts';
import classes from './timeline.module.css';
import type { Span, TimelineData } from './timeline-data.ts';

/** What is drawn, and who is told where the pointer is. */
interface TimelineCanvasProps {
  readonly data: TimelineData;
  readonly view: Span;
  readonly cursorMs: number | undefined;
  readonly onPoint: (atMs: number | undefined) => void;
  readonly onSeek: ((atMs: number) => void) | undefined;
}

/** The drawing of a timeline, as wide as there is room; the cursor lies over it, so that playing draws nothing anew. */
export function TimelineCanvas({ data, view, cursorMs, onPoint, onSeek }: TimelineCanvasProps) {
  const scheme = useComputedColorScheme('light');
  const { ref: frame, width } = useElementSize();
  const canvas = useRef<HTMLCanvasElement>(null);
  const { fromMs, toMs } = view;

  useEffect(() => {
    const pen = canvas.current?.getContext('2d');
    if (!canvas.current || !pen || width === 0) return;
    const scale = devicePixelRatio;
    canvas.current.width = Math.round(width * scale);
    canvas.current.height = Math.round(timelinePx * scale);
    pen.scale(scale, scale);
    const colours = coloursOf(canvas.current, scheme);
    drawTimeline(pen, { data, view: { fromMs, toMs }, widthPx: width, colours });
  }, [data, fromMs, toMs, width, scheme]);

  const timeOf = (event: PointerEvent<HTMLElement>): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    return fromMs + ((event.clientX - left) / Math.max(1, width)) * (toMs - fromMs);
  };
  const cursorPx =
    cursorMs === undefined || cursorMs < fromMs || cursorMs > toMs
      ? undefined
      : ((cursorMs - fromMs) / (toMs - fromMs)) * width;

  return (
    <div
      ref={frame}
      className={classes.canvas}
      onPointerMove={(event) => onPoint(timeOf(event))}
      onPointerLeave={() => onPoint(undefined)}
      onPointerUp={(event) => onSeek?.(Math.min(data.durationMs, Math.max(0, timeOf(event))))}
    >
      <canvas ref={canvas} aria-hidden />
      {cursorPx !== undefined && (
        <div className={classes.cursor} style={{ transform: `translateX(${cursorPx}px)` }} />
      )}
    </div>
  );
}

const known = new Map<string, Record<Colour, string>>();

/** The colours that are in force; a canvas knows no variables. */
function coloursOf(element: HTMLElement, scheme: string): Record<Colour, string> {
  const found = known.get(scheme);
  if (found) return found;
  const read = (name: string): string => {
    element.style.color = name;
    return getComputedStyle(element).color;
  };
  const colours = {
    caller: read(colourNames.caller),
    agent: read(colourNames.agent),
    lit: read(colourNames.lit),
    text: read(colourNames.text),
    dimmed: read(colourNames.dimmed),
    faint: read(colourNames.faint),
    bad: read(colourNames.bad),
  };
  known.set(scheme, colours);
  return colours;
}
