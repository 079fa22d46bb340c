/** Where text goes; a stream of Node is one. */
export interface TextSink {
  write(text: string): unknown;
}

/** The streams and surroundings of a command; injected, so that commands can be tested. */
export interface Terminal {
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A mistake of the user: it is told in one line, without a stack trace, and ends with `exitCode`. */
export class UserError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'UserError';
    this.exitCode = exitCode;
  }
}
