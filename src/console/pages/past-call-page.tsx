import { Alert, Anchor, Grid, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useParams } from 'wouter';
import type { CallRecord } from '../../records/call-record.ts';
import { ApiError } from '../api/ask.ts';
import { usePastLines, usePastMarks, useRecord } from '../api/records.ts';
import { outcomeWords } from '../live/call-words.ts';
import { CallFacts } from '../records/call-facts.tsx';
import { DownloadMenu } from '../records/download-menu.tsx';
import { OutcomeParts } from '../records/outcome-parts.tsx';
import { lineAt, pastTimeline, spokenLines } from '../records/past-timeline.ts';
import { Player } from '../records/player.tsx';
import { RecordingNote } from '../records/recording-note.tsx';
import { ToolList } from '../records/tool-list.tsx';
import { TurnTable } from '../records/turn-table.tsx';
import { useCursor } from '../records/use-cursor.ts';
import { useRecording } from '../records/use-recording.ts';
import { Failure } from '../shell/failure.tsx';
import { Part } from '../shell/part.tsx';
import { useSession } from '../shell/session-gate.tsx';
import { LatencyWaterfall } from '../timeline/latency-waterfall.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { Transcript } from '../timeline/transcript.tsx';

/** One past call, all of it. */
export function PastCallPage() {
  const { callId = '' } = useParams();
  const { data: record, error, isPending, refetch } = useRecord(callId);
  return (
    <Stack>
      <Anchor component={Link} href="/past" size="sm">
        ← All past calls
      </Anchor>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2}>{record ? `Call with ${record.agent.name}` : 'Call'}</Title>
        {record && <DownloadMenu callId={callId} what="this call" />}
      </Group>
      {isPending && <Loader role="status" aria-label="Loading" />}
      {error && <Missing error={error} onRetry={() => refetch()} />}
      {record && <Recorded key={callId} callId={callId} record={record} />}
    </Stack>
  );
}

function Missing({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  if (!(error instanceof ApiError && error.status === 404))
    return <Failure error={error} onRetry={onRetry} />;
  return (
    <Alert title="There is no record of this call" color="blue">
      It is complete a moment after the call is over; or it was deleted, or never kept.
    </Alert>
  );
}

const noLines = [] as const;
const noMarks = [] as const;

function Recorded({ callId, record }: { readonly callId: string; readonly record: CallRecord }) {
  const { scopes } = useSession();
  const mayHear = scopes.includes('audio:read');
  const mayRead = scopes.includes('transcripts:read');
  const { durationMs, turns, tools, failure, outcome } = record;
  const { data: { marks = noMarks, startedMs = 0 } = {} } = usePastMarks(callId);
  const { data: written = noLines } = usePastLines(callId, mayRead);
  const recording = useRecording(callId, mayHear);
  const hasAudio = recording.status === 'measuring' || recording.status === 'measured';
  const { audio, cursorMs, seek } = useCursor(startedMs, hasAudio);
  const data = useMemo(
    () => pastTimeline({ durationMs, turns, marks, startedMs, recording }),
    [durationMs, turns, marks, startedMs, recording],
  );
  const lines = useMemo(() => spokenLines(written, turns), [written, turns]);
  const onSeek = hasAudio ? seek : undefined;

  return (
    <>
      <Part title={outcomeWords(outcome)}>
        {failure && <Text size="sm" mb="xs">{`${failure.message} (${failure.code})`}</Text>}
        <CallFacts record={record} />
      </Part>
      <Part title="Both voices">
        <Stack gap="xs">
          <RecordingNote status={recording.status} />
          {hasAudio && <Player callId={callId} audio={audio} />}
          <Timeline data={data} cursorMs={hasAudio ? cursorMs : undefined} onSeek={onSeek} />
        </Stack>
      </Part>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack>
            <Part title="Transcript">
              <Transcript
                lines={lines}
                litLine={hasAudio ? lineAt(lines, cursorMs) : undefined}
                whenEmpty={
                  mayRead
                    ? 'No transcript was kept.'
                    : 'Your token lacks transcripts:read, so no words are shown.'
                }
                onSeek={onSeek}
              />
            </Part>
            <Part title="Tools">
              <ToolList tools={tools} />
            </Part>
            <OutcomeParts record={record} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 6 }}>
          <Stack>
            <Part title="How long replies took">
              <LatencyWaterfall turns={turns} />
            </Part>
            <Part title="Turns">
              <TurnTable turns={turns} onSeek={onSeek} />
            </Part>
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}
