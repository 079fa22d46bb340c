import type { Clock } from '../../time/index.ts';
import type { Course } from './course.ts';

/** A call of the simulated Exotel, as its API tells of it. */
export interface RestCall {
  readonly sid: string;
  readonly from: string;
  readonly callerId: string;
  readonly customField: string | undefined;
  readonly createdMs: number;
  status: string;
  endedMs: number | undefined;
}

/** A time, ms since 1970, as Exotel writes it. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

/** A call as Exotel writes it; every value is text, as there. */
export function callJson(call: RestCall, accountSid: string, tellsCustomField: boolean): object {
  const { sid, from, callerId, customField, createdMs, status, endedMs } = call;
  return {
    Sid: sid,
    ParentCallSid: null,
    DateCreated: dateOf(createdMs),
    AccountSid: accountSid,
    To: null,
    From: from,
    PhoneNumberSid: callerId,
    Status: status,
    Duration: endedMs === undefined ? null : String(Math.round((endedMs - createdMs) / 1000)),
    Direction: 'outbound-api',
    RecordingUrl: null,
    ...(tellsCustomField && customField !== undefined ? { CustomField: customField } : {}),
  };
}

/** Lets a call ring, then be answered or not; `answer` resolves when an answered call is over, `told` hears of both. */
export function runCourse(
  clock: Clock,
  call: RestCall,
  course: Course,
  answer: () => Promise<void>,
  told: (event: 'answered' | 'terminal') => void,
): void {
  const end = (status: string): void => {
    call.status = status;
    call.endedMs = clock.wallMs();
    told('terminal');
  };
  clock.setTimeout(() => {
    if (course.outcome !== 'answered') return end(course.outcome);
    call.status = 'in-progress';
    told('answered');
    answer().then(
      () => end('completed'),
      () => end('failed'),
    );
  }, course.ringMs);
}
