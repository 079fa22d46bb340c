import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { vi } from 'vitest';
import { until } from '../helpers/until.ts';

/** A secret as Standard Webhooks has them. */
export const secret = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;

/** One request that a receiver got. */
export interface ReceivedPost {
  readonly id: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a receiver answers. */
export interface ReceiverAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A receiver of webhooks on a real port; answers 204 unless it is told otherwise. */
export class TestReceiver implements AsyncDisposable {
  readonly got: ReceivedPost[] = [];
  /** What it answers next; `never` leaves the request open. */
  answer: (post: ReceivedPost) => ReceiverAnswer | 'never' = () => ({ status: 204 });
  readonly #server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      const { headers } = request;
      const post = { id: String(headers['webhook-id']), headers, body };
      this.got.push(post);
      const answer = this.answer(post);
      if (answer !== 'never') response.writeHead(answer.status, { ...answer.headers }).end();
    });
  });

  static async listen(port = 0): Promise<TestReceiver> {
    const receiver = new TestReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('expected a TCP address');
    return address.port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hooks?key=secret-of-the-path`;
  }

  /** The types of what it got, in the order in which they came. */
  get types(): string[] {
    return this.got.map(({ body }) => String(JSON.parse(body).type));
  }

  async received(count: number): Promise<void> {
    await until(`${count} posts`, () => (this.got.length >= count ? true : undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The content of a post, once the library's own verifier has accepted it at `wallMs`. @throws Error when it does not */
export function verified({ headers, body }: ReceivedPost, by: string, wallMs: number): unknown {
  vi.useFakeTimers({ toFake: ['Date'], now: wallMs });
  try {
    const named = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return new Webhook(by).verify(body, Object.fromEntries(named));
  } finally {
    vi.useRealTimers();
  }
}
