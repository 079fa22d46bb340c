import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Chance, type Clock, delay } from '../../time/index.ts';
import { exotelSid } from '../exotel/call-identity.ts';
import { SimulatedCaller } from '../exotel/simulated-caller.ts';
import { type Course, type RestFault, usualCourse } from './course.ts';
import { callJson, type RestCall, runCourse } from './simulated-call.ts';
import { type CallbackForm, callbackWishOf, type SentCallback, sendCallback } from './status-callbacks.ts';

/** What the simulated REST server is built from. */
export interface ExotelRestOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly apiKey?: string;
  readonly apiToken?: string;
  readonly accountSid?: string;
  /** What becomes of each call, in order; the last one is repeated. */
  readonly courses?: readonly Course[];
  /** What goes wrong with requests for calls, one request each, in order; later ones go well. */
  readonly faults?: readonly RestFault[];
  /** What goes wrong with questions about calls, likewise. */
  readonly questionFaults?: readonly RestFault[];
  /** Whether a call that is asked about shows the custom field it was placed with. */
  readonly tellsCustomField?: boolean;
  /** Whether a list shows calls that are not over; Exotel's documents say that it does not. */
  readonly listsLiveCalls?: boolean;
  /** How the status callbacks that a request asks for are sent: as multipart by default, `none` to lose them. */
  readonly callbacks?: CallbackForm | 'none';
  /** How often each is sent although it was answered; 1 by default, at most 3. */
  readonly callbackCopies?: number;
  /** Told of the person who answers, once they have dialled the stream; by default they hang up after `talkMs`. */
  readonly onAnswered?: (caller: SimulatedCaller) => void;
}

/** A request that came, for tests; credentials are left out. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Largest body that is read, bytes. */
const maxBodyBytes = 64 * 1024;

/** Exotel's REST API for calls, simulated: it checks what it is asked for, and really dials the streams. */
export class SimulatedExotelRest {
  readonly requests: RestRequest[] = [];
  readonly calls: RestCall[] = [];
  /** The status callbacks that were sent. */
  readonly callbacks: SentCallback[] = [];
  /** The people who answered calls with a stream. */
  readonly callers: SimulatedCaller[] = [];
  readonly apiKey: string;
  readonly apiToken: string;
  readonly accountSid: string;
  readonly #o: ExotelRestOptions;
  readonly #http: Server;
  readonly #faults: RestFault[];
  readonly #questionFaults: RestFault[];
  #isClosed = false;

  private constructor(options: ExotelRestOptions) {
    this.#o = options;
    this.apiKey = options.apiKey ?? 'simulated-key';
    this.apiToken = options.apiToken ?? 'simulated-token';
    this.accountSid = options.accountSid ?? 'acmeclinic1';
    this.#faults = [...(options.faults ?? [])];
    this.#questionFaults = [...(options.questionFaults ?? [])];
    this.#http = createServer((request, response) => this.#take(request, response));
  }

  /** Starts on a free port of loopback. */
  static async listen(options: ExotelRestOptions): Promise<SimulatedExotelRest> {
    const rest = new SimulatedExotelRest(options);
    await new Promise<void>((resolve) => rest.#http.listen(0, '127.0.0.1', resolve));
    return rest;
  }

  /** Such as `http://127.0.0.1:40123`. */
  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Drops every connection and every call. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const caller of this.callers) caller.dropLine();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (text: string) => {
      body += text;
      if (body.length > maxBodyBytes) request.destroy();
    });
    request.on('end', () => this.#serve(request, response, body));
    request.on('error', () => undefined);
  }

  #serve(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url);
    const isPost = request.method === 'POST';
    const fields = Object.fromEntries(isPost ? new URLSearchParams(body) : searchParams);
    this.requests.push({ method: request.method ?? '', path: pathname, fields });
    const pair = Buffer.from(`${this.apiKey}:${this.apiToken}`).toString('base64');
    if (request.headers.authorization !== `Basic ${pair}`) {
      return refuse(response, 401, 'Authentication is required to view this page');
    }
    const fault = isPost ? this.#faults.shift() : this.#questionFaults.shift();
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'answer') {
      const wait = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) };
      return refuse(response, fault.status, fault.message ?? 'as scripted', fault.code, wait);
    }
    const answer = this.#answer(isPost, pathname, fields);
    if (fault?.kind === 'loseAnswer') return void response.destroy();
    if (fault?.kind === 'garbledAnswer') return void response.end('<TwilioResponse/>');
    if ('refusal' in answer) return refuse(response, answer.status ?? 400, answer.refusal, answer.code);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer.json));
  }

  #answer(isPost: boolean, pathname: string, fields: Readonly<Record<string, string>>): Answer {
    const base = `/v1/Accounts/${this.accountSid}/Calls`;
    const { tellsCustomField = true, listsLiveCalls = true } = this.#o;
    const json = (call: RestCall): object => callJson(call, this.accountSid, tellsCustomField);
    if (isPost && pathname === `${base}/connect.json`) {
      const call = this.#connect(fields);
      return 'refusal' in call ? call : { json: { Call: json(call) } };
    }
    if (!isPost && pathname === `${base}.json`) {
      const found = this.calls.filter(
        ({ from, endedMs }) => from === fields.From && (listsLiveCalls || endedMs !== undefined),
      );
      return { json: { Metadata: { Total: found.length }, Calls: found.map(json).reverse() } };
    }
    const call = this.calls.find(({ sid }) => pathname === `${base}/${sid}.json`);
    if (!isPost && call) return { json: { Call: json(call) } };
    return { refusal: 'The requested resource was not found', status: 404, code: 20404 };
  }

  #connect(fields: Readonly<Record<string, string>>): RestCall | Refusal {
    const { From, CallerId, CustomField, StreamUrl } = fields;
    const refusal = whatIsWrong(fields, this.accountSid);
    if (refusal || !From || !CallerId) return refusal ?? { refusal: 'From and CallerId are mandatory' };
    const { clock, chance, courses = [], callbacks = 'multipart', callbackCopies = 1 } = this.#o;
    const call: RestCall = {
      sid: exotelSid(chance),
      from: From,
      callerId: CallerId,
      customField: CustomField,
      createdMs: clock.wallMs(),
      status: 'queued',
      endedMs: undefined,
    };
    const course = courses[Math.min(this.calls.length, courses.length - 1)] ?? usualCourse;
    this.calls.push(call);
    const wish = callbackWishOf(fields);
    const told = (event: 'answered' | 'terminal'): void => {
      if (callbacks === 'none' || !wish || this.#isClosed) return;
      const sent = (callback: SentCallback): void => void this.callbacks.push(callback);
      sendCallback({ clock, form: callbacks, copies: callbackCopies, sent }, wish, event, { ...call });
    };
    runCourse(clock, call, course, () => this.#talk(call, StreamUrl, course), told);
    return call;
  }

  /** The person answers: with a stream, a simulated caller dials it. */
  async #talk(call: RestCall, streamUrl: string | undefined, { talkMs }: Course): Promise<void> {
    const { clock, chance, onAnswered } = this.#o;
    if (streamUrl === undefined) return delay(clock, talkMs);
    const caller = new SimulatedCaller({
      clock,
      chance,
      address: streamUrl,
      callSid: call.sid,
      accountSid: this.accountSid,
      // Exotel: on a call that was placed, `from` is who was dialled
      from: call.from,
      to: call.callerId,
      profile: call.customField === undefined ? {} : { customField: call.customField },
    });
    this.callers.push(caller);
    caller.call();
    if (onAnswered) onAnswered(caller);
    else clock.setTimeout(() => caller.hangUp(), talkMs);
    await caller.wait.ended({ withinMs: 3_600_000 });
    if (caller.closeReport?.phase === 'dialling') throw new Error('the stream could not be dialled');
  }
}

interface Refusal {
  readonly refusal: string;
  readonly status?: number;
  readonly code?: number;
}

type Answer = Refusal | { readonly json: object };

/** Checks a request for a call as Exotel documents it. */
function whatIsWrong(fields: Readonly<Record<string, string>>, accountSid: string): Refusal | undefined {
  const { From, To, CallerId, CustomField = '', StreamUrl, StreamType, Url, TimeLimit = '60' } = fields;
  if (!From || !/^\+\d{8,15}$/.test(From)) return { refusal: 'Invalid From, expected E.164' };
  if (!CallerId) return { refusal: 'CallerId is mandatory' };
  if (CustomField.length > 128) return { refusal: 'CustomField is too long' };
  if (!/^\d+$/.test(TimeLimit) || Number(TimeLimit) > 14_400) return { refusal: 'Invalid TimeLimit' };
  if (Url !== undefined) {
    if (To !== undefined) return { refusal: 'To is not expected with Url', code: 34_001 };
    if (StreamUrl !== undefined) return { refusal: 'StreamUrl is not expected with Url' };
    const form = new RegExp(`^https?://my\\.exotel\\.com/${accountSid}/exoml/start_voice/\\w+$`);
    return form.test(Url) ? undefined : { refusal: 'Invalid Url' };
  }
  if (!StreamUrl || !/^wss?:\/\//.test(StreamUrl)) return { refusal: 'StreamUrl or Url is mandatory' };
  if (StreamUrl.length >= 600) return { refusal: 'StreamUrl is too long' };
  return StreamType === 'bidirectional' ? undefined : { refusal: 'Invalid StreamType' };
}

function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  code?: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  const Code = code === undefined ? {} : { Code: code };
  response.end(JSON.stringify({ RestException: { Status: status, Message: message, ...Code } }));
}
