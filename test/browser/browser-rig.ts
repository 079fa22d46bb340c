import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { BaariProcess } from '../helpers/baari-process.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
/** Screenshots are kept: what a test saw can be looked at. */
export const shots = path.resolve(import.meta.dirname, '../../coverage/screenshots');

/** Whether there is a browser; where all servers must be had, its absence is a failure of the tests that need it. */
export const hasBrowser = existsSync(executablePath) || process.env.BAARI_TEST_SERVERS === 'required';
if (!hasBrowser)
  process.stderr.write(`no browser at ${executablePath}: the tests in a browser are skipped\n`);

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** A served Baari with a simulated Gemini and records, and a browser that looks at its console. */
export class BrowserRig implements AsyncDisposable {
  readonly baari: BaariProcess;
  readonly base: string;
  readonly records: string;
  readonly #browser: Browser;
  readonly #errors: string[] = [];

  private constructor(baari: BaariProcess, base: string, records: string, browser: Browser) {
    this.baari = baari;
    this.base = base;
    this.records = records;
    this.#browser = browser;
  }

  /**
   * @param microphone a WAV file that is spoken into the microphone from the moment that it is opened
   */
  static async start(
    options: { microphone?: string; env?: Record<string, string> } = {},
  ): Promise<BrowserRig> {
    const { microphone, env = {} } = options;
    const records = mkdtempSync(path.join(tmpdir(), 'baari-browser-'));
    const args = [
      'serve',
      '--port',
      '0',
      '--gemini',
      'simulated',
      '--records',
      records,
      '--log-level',
      'warn',
    ];
    const baari = new BaariProcess(args, { env });
    const [base, browser] = await Promise.all([
      baari.listening(),
      chromium.launch({
        executablePath,
        args: [
          ...quiet,
          ...(microphone
            ? [
                '--use-fake-ui-for-media-stream',
                '--use-fake-device-for-media-stream',
                `--use-file-for-fake-audio-capture=${microphone}%noloop`,
              ]
            : []),
        ],
      }),
    ]);
    mkdirSync(shots, { recursive: true });
    return new BrowserRig(baari, base, records, browser);
  }

  /** Opens a page of the console, such as `/live`; what goes wrong on it is kept in {@link errors}. */
  async open(route: string, context: BrowserContextOptions = {}): Promise<Page> {
    const { origin } = new URL(this.base);
    const opened = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
    await opened.grantPermissions(['microphone'], { origin });
    const page = await opened.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(error.message));
    await page.goto(`${this.base}/#${route}`);
    return page;
  }

  /** The files of the records, so far. */
  files(): string[] {
    return readdirSync(this.records, { recursive: true, encoding: 'utf8' }).map((file) =>
      path.basename(file),
    );
  }

  /** What pages have written to the console as errors, and exceptions that nobody caught. */
  get errors(): readonly string[] {
    return this.#errors;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.baari[Symbol.asyncDispose]();
    rmSync(this.records, { recursive: true, force: true });
  }
}

const axeSource = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe holds against a page at the level serious or worse: rule and element. */
export async function axeViolations(page: Page): Promise<string[]> {
  // the page's own policy lets no script of others in; a page that is tested is evaluated beside it
  const source = await import('node:fs/promises').then(({ readFile }) => readFile(axeSource, 'utf8'));
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; impact: string; nodes: { target: string[]; html: string }[] }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map(({ target, html }) => `${id}: ${target.join(' ')} ${html.slice(0, 200)}`),
      );
  });
  return found;
}
