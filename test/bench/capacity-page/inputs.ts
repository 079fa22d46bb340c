/** What stands in the page by hand: measured figures and assumptions, under the names of their rows. */
const rows = {
  callsPerCore: 'calls a core carries',
  callMb: 'memory of a call, MB',
  processMb: 'memory of a process without calls, MB',
  textBytesPerMinute: 'texts of a record, bytes a call-minute',
  rowBytes: 'a call in PostgreSQL, bytes with its indexes',
  plannedPercent: 'of what a core carries, planned with, %',
  callMinutes: 'length of a call, minutes',
  callerPercent: 'the caller speaks, % of the time',
  agentPercent: 'the agent speaks, % of the time',
  turnsPerMinute: 'replies a minute',
  instructionTokens: 'instruction and tools, tokens',
  chunkMs: 'audio in a message to Exotel, ms',
  busyHours: 'hours a day at that many calls',
  keepDays: 'days that records are kept',
} as const;

/** The figures that everything else on the page follows from. */
export type Inputs = Readonly<Record<keyof typeof rows, number>>;

/** Reads the figures from the page's tables. @throws Error naming the row that is missing or holds no number */
export function readInputs(page: string): Inputs {
  const found = new Map<string, string>();
  for (const line of page.split('\n')) {
    const [, name, value] = line.split('|').map((cell) => cell.trim());
    if (name && value !== undefined && !found.has(name)) found.set(name, value);
  }
  const read = (name: string): number => {
    const text = found.get(name);
    const value = Number(text?.replaceAll(',', ''));
    if (text === undefined || text === '' || !Number.isFinite(value) || value <= 0) {
      throw new Error(
        `capacity page: expected a number in the row "${name}", found ${text ?? 'no such row'}`,
      );
    }
    return value;
  };
  return {
    callsPerCore: read(rows.callsPerCore),
    callMb: read(rows.callMb),
    processMb: read(rows.processMb),
    textBytesPerMinute: read(rows.textBytesPerMinute),
    rowBytes: read(rows.rowBytes),
    plannedPercent: read(rows.plannedPercent),
    callMinutes: read(rows.callMinutes),
    callerPercent: read(rows.callerPercent),
    agentPercent: read(rows.agentPercent),
    turnsPerMinute: read(rows.turnsPerMinute),
    instructionTokens: read(rows.instructionTokens),
    chunkMs: read(rows.chunkMs),
    busyHours: read(rows.busyHours),
    keepDays: read(rows.keepDays),
  };
}
