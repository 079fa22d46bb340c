import { createLog, type Log } from '../../src/observe/index.ts';
import { until } from './until.ts';

/** One line of the log, as it was written. */
export type LogLine = Readonly<Record<string, unknown>>;

/** Fields that a line must have, with these values. */
type LogFields = Readonly<Record<string, unknown>>;

/** A log whose lines are kept in memory. */
export class MemoryLog {
  /** All that was written, as a file would hold it. */
  text = '';
  readonly lines: LogLine[] = [];
  readonly log: Log = createLog({
    level: 'trace',
    destination: {
      write: (line) => {
        this.text += line;
        this.lines.push(JSON.parse(line));
      },
    },
  });

  /** The lines of an event that have these fields, so far. */
  all(event: string, fields: LogFields = {}): LogLine[] {
    return this.lines.filter(
      (line) =>
        line.msg === event && Object.entries(fields).every(([name, value]) => Object.is(line[name], value)),
    );
  }

  /** The first line of an event that has these fields; waits for it. */
  line(event: string, fields: LogFields = {}): Promise<LogLine> {
    return until(`the log to tell ${event} ${JSON.stringify(fields)}`, () => this.all(event, fields)[0]);
  }
}
