/** One point of a soak. */
export interface SoakPoint {
  readonly minute: number;
  readonly rssMb: number;
  /** Lateness of outgoing chunks at p99, ms. */
  readonly lateMs: number;
}

const [width, height, left, right, top, bottom] = [900, 360, 60, 60, 40, 40] as const;

/** Memory and lateness over time as an SVG. */
export function soakPicture(points: readonly SoakPoint[], title: string): string {
  const lastMinute = Math.max(1, ...points.map(({ minute }) => minute));
  const x = (minute: number): number => left + ((width - left - right) * minute) / lastMinute;
  const memory = scale(Math.max(1, ...points.map(({ rssMb }) => rssMb)));
  const lateness = scale(Math.max(20, ...points.map(({ lateMs }) => lateMs)));
  const line = (of: (point: SoakPoint) => number, to: Scale, colour: string): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points
      .map((point) => `${x(point.minute).toFixed(1)},${to.y(of(point)).toFixed(1)}`)
      .join(' ')}"/>`;
  const ticks = (to: Scale, at: number, anchor: string, colour: string, unit: string): string[] =>
    to.ticks.map(
      (value) =>
        `<text x="${at}" y="${to.y(value) + 4}" text-anchor="${anchor}" fill="${colour}">${value} ${unit}</text>`,
    );
  const minutes = Array.from({ length: 7 }, (_, at) => Math.round((lastMinute * at) / 6));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<title>memory and lateness of chunks: ${title}</title>`,
    `<rect width="${width}" height="${height}" fill="white"/>`,
    `<text x="${left}" y="20" font-size="14">${title}</text>`,
    ...memory.ticks.map(
      (value) =>
        `<line x1="${left}" x2="${width - right}" y1="${memory.y(value)}" y2="${memory.y(value)}" stroke="#ddd"/>`,
    ),
    ...ticks(memory, left - 6, 'end', '#1864ab', 'MB'),
    ...ticks(lateness, width - right + 6, 'start', '#c92a2a', 'ms'),
    ...minutes.map(
      (minute) => `<text x="${x(minute)}" y="${height - 14}" text-anchor="middle">${minute} min</text>`,
    ),
    line(({ rssMb }) => rssMb, memory, '#1864ab'),
    line(({ lateMs }) => lateMs, lateness, '#c92a2a'),
    `<text x="${left + 8}" y="${top + 4}" fill="#1864ab">memory of the process (RSS)</text>`,
    `<text x="${width - right - 8}" y="${top + 4}" text-anchor="end" fill="#c92a2a">lateness of chunks, p99</text>`,
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
}

function scale(most: number): Scale {
  const step = 10 ** Math.floor(Math.log10(most));
  const nice = [step / 2, step, step * 2].find((one) => most / one <= 6) ?? step;
  const highest = Math.ceil(most / nice) * nice;
  return {
    y: (value) => height - bottom - ((height - top - bottom) * value) / highest,
    ticks: Array.from({ length: Math.round(highest / nice) + 1 }, (_, at) => at * nice),
  };
}
