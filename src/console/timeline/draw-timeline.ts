import type { Levels } from '../../inspection/format.ts';
import { type Colour, lookOf, timeText } from './mark-words.ts';
import { type Span, spansOf, type TimelineData } from './timeline-data.ts';

/** Heights of what stands on one another, px. */
const axisPx = 18;
const turnsPx = 14;
const wavePx = 60;
const signsPx = 20;

/** Height of the whole, px. */
export const timelinePx = axisPx + turnsPx + 2 * wavePx + signsPx;
/** Where the agent's waveform begins, px from the top. */
const agentTop = axisPx + turnsPx + wavePx;

/** What is drawn, and where. */
export interface TimelineDrawing {
  readonly data: TimelineData;
  readonly view: Span;
  readonly widthPx: number;
  readonly colours: Readonly<Record<Colour, string>>;
}

/** Draws a timeline into a canvas whose unit is a CSS pixel. */
export function drawTimeline(canvas: CanvasRenderingContext2D, drawing: TimelineDrawing): void {
  const { data, view, widthPx, colours } = drawing;
  const perMs = widthPx / (view.toMs - view.fromMs);
  const x = (atMs: number): number => (atMs - view.fromMs) * perMs;
  const fill = (span: Span, top: number, height: number, colour: string, alpha: number): void => {
    if (span.toMs < view.fromMs || span.fromMs > view.toMs) return;
    canvas.globalAlpha = alpha;
    canvas.fillStyle = colour;
    canvas.fillRect(x(span.fromMs), top, Math.max(2, (span.toMs - span.fromMs) * perMs), height);
    canvas.globalAlpha = 1;
  };
  canvas.clearRect(0, 0, widthPx, timelinePx);
  canvas.font = '11px system-ui, sans-serif';

  const spans = spansOf(data);
  for (const span of spans.outages) fill(span, axisPx, timelinePx - axisPx, colours.bad, 0.14);
  for (const span of spans.holds) fill(span, agentTop, wavePx, colours.lit, 0.22);
  for (const span of spans.mutes) fill(span, axisPx + turnsPx, wavePx, colours.dimmed, 0.3);
  for (const span of spans.waits) fill(span, axisPx + 5, 4, colours.dimmed, 0.6);
  for (const span of spans.caller) {
    fill(span, axisPx + 2, turnsPx - 4, span.isBargeIn ? colours.lit : colours.caller, 0.85);
  }
  for (const span of spans.tools) fill(span, timelinePx - signsPx + 2, 3, colours.text, 0.7);

  drawAxis(canvas, drawing, x);
  drawWave(canvas, drawing, data.caller, axisPx + turnsPx, colours.caller);
  drawWave(canvas, drawing, data.agent, agentTop, colours.agent);
  drawMarks(canvas, drawing, x);
}

function drawAxis(canvas: CanvasRenderingContext2D, drawing: TimelineDrawing, x: (atMs: number) => number) {
  const { view, widthPx, colours } = drawing;
  const perTick = ((view.toMs - view.fromMs) * 80) / widthPx;
  const steps = [500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000];
  const stepMs = steps.find((step) => step >= perTick) ?? 1_800_000;
  for (let atMs = Math.ceil(view.fromMs / stepMs) * stepMs; atMs <= view.toMs; atMs += stepMs) {
    canvas.fillStyle = colours.faint;
    canvas.fillRect(x(atMs), axisPx - 4, 1, timelinePx - axisPx);
    canvas.fillStyle = colours.dimmed;
    const text = timeText(atMs);
    canvas.fillText(stepMs < 1000 ? text : text.slice(0, -2), x(atMs) + 3, 11);
  }
}

/** Each column of pixels from the lowest to the highest level that falls on it. */
function drawWave(
  canvas: CanvasRenderingContext2D,
  { data, view, widthPx, colours }: TimelineDrawing,
  { fromMs, peaks }: Levels,
  top: number,
  colour: string,
): void {
  const middle = top + wavePx / 2;
  canvas.fillStyle = colours.faint;
  canvas.fillRect(0, middle, widthPx, 1);
  canvas.fillStyle = colour;
  const perPx = (view.toMs - view.fromMs) / widthPx / data.levelEveryMs;
  const start = (view.fromMs - fromMs) / data.levelEveryMs;
  for (let column = 0; column < widthPx; column += 1) {
    const first = Math.floor(start + column * perPx);
    const last = Math.max(first + 1, Math.floor(start + (column + 1) * perPx));
    let lowest = 0;
    let highest = 0;
    for (let slot = Math.max(0, first); slot < last; slot += 1) {
      lowest = Math.min(lowest, peaks[2 * slot] ?? 0);
      highest = Math.max(highest, peaks[2 * slot + 1] ?? 0);
    }
    if (highest - lowest < 2) continue;
    const up = loudness(highest) * (wavePx / 2 - 2);
    const down = loudness(-lowest) * (wavePx / 2 - 2);
    canvas.fillRect(column, middle - up, 1, up + down);
  }
}

/** 0…128 as 0…1: quiet speech on a telephone is to be seen as well as loud speech. */
function loudness(level: number): number {
  return Math.sqrt(Math.max(0, level) / 128);
}

function drawMarks(canvas: CanvasRenderingContext2D, drawing: TimelineDrawing, x: (atMs: number) => number) {
  const { data, view, colours } = drawing;
  let freeFromPx = 0;
  for (const { atMs, kind } of data.marks) {
    if (atMs < view.fromMs || atMs > view.toMs) continue;
    const { colour, sign, isLine } = lookOf(kind);
    canvas.fillStyle = colours[colour];
    if (kind === 'carrierMark') canvas.fillRect(x(atMs), agentTop + wavePx - 6, 1, 6);
    if (!isLine) continue;
    canvas.globalAlpha = 0.75;
    canvas.fillRect(x(atMs), axisPx, 1, timelinePx - axisPx - 14);
    canvas.globalAlpha = 1;
    if (x(atMs) < freeFromPx) continue;
    canvas.fillText(sign, Math.max(0, x(atMs) - 4), timelinePx - 3);
    freeFromPx = x(atMs) + 12;
  }
}
