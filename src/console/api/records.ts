import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import type { Line, Mark } from '../../inspection/format.ts';
import type { CallRecord } from '../../records/call-record.ts';
import { ApiError, ask } from './ask.ts';

/** A past call as a search finds it. */
export interface FoundCall {
  readonly callId: string;
  readonly startedAt: string;
  readonly agent: string;
  readonly outcome: string;
  readonly from: string;
  readonly to: string;
  readonly durationMs: number;
}

interface FoundPage {
  readonly calls: readonly FoundCall[];
  /** Where the next page begins; undefined on the last one. */
  readonly next?: number;
}

/** What is marked on a past call's time axis, and when its recording began; ms since it was accepted. */
export interface PastMarks {
  readonly startedMs?: number;
  readonly marks: readonly Mark[];
}

/** Past calls that a query, such as `agent=bakery`, finds; page by page, the latest first. */
export function useRecordSearch(query: string) {
  return useInfiniteQuery({
    queryKey: ['records', query],
    queryFn: ({ pageParam }) => {
      const after = pageParam === undefined ? '' : `&after=${pageParam}`;
      return ask<FoundPage>(`api/records?limit=50&${query}${after}`);
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => next,
    retry: 0,
  });
}

/** The record of a past call, as far as whoever looks may have it. */
export function useRecord(callId: string) {
  return useQuery({
    queryKey: ['record', callId],
    queryFn: () => ask<CallRecord>(recordPath(callId)),
    retry: 0,
    staleTime: 60_000,
  });
}

/** What is marked on a past call's time axis. */
export function usePastMarks(callId: string) {
  return useQuery({
    queryKey: ['record', callId, 'marks'],
    queryFn: () => ask<PastMarks>(`${recordPath(callId)}/marks`),
    retry: 0,
    staleTime: 60_000,
  });
}

/** The lines of a past call's transcript; none where none was kept, or where they are not `wanted`. */
export function usePastLines(callId: string, wanted: boolean) {
  return useQuery({
    queryKey: ['record', callId, 'lines'],
    queryFn: () => readLines(`${recordPath(callId)}/transcript`),
    enabled: wanted,
    retry: 0,
    staleTime: 60_000,
  });
}

/** Where the API has a past call's record; its parts are below. */
export function recordPath(callId: string): string {
  return `api/records/${encodeURIComponent(callId)}`;
}

async function readLines(path: string): Promise<readonly Line[]> {
  const answer = await fetch(path, { signal: AbortSignal.timeout(15_000) });
  if (answer.status === 404) return [];
  if (!answer.ok) throw new ApiError(answer.status, 'unknown', `the service answered ${answer.status}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '');
  return lines.map((line): Line => JSON.parse(line));
}
