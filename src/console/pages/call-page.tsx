import { Alert, Anchor, Button, Card, Grid, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useParams } from 'wouter';
import { type CallPicture, levelEveryMs } from '../../inspection/format.ts';
import { CallCharts } from '../live/call-charts.tsx';
import { CallControls } from '../live/call-controls.tsx';
import { CallHead } from '../live/call-head.tsx';
import { outcomeWords, problemWords } from '../live/call-words.ts';
import { ConnectionAlert } from '../live/connection-alert.tsx';
import { useWatchedCall } from '../live/use-live.ts';
import type { WatchConnection } from '../live/watch-client.ts';
import { LatencyWaterfall } from '../timeline/latency-waterfall.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import type { TimelineData } from '../timeline/timeline-data.ts';
import { Transcript } from '../timeline/transcript.tsx';

/** One live call, all of it. */
export function CallPage() {
  const { callId = '' } = useParams();
  const { call, connection } = useWatchedCall(callId);
  const { picture, over, problem } = call;
  return (
    <Stack>
      <Anchor component={Link} href="/live" size="sm">
        ← All live calls
      </Anchor>
      {!picture && <Title order={2}>Call</Title>}
      <ConnectionAlert connection={connection} />
      {over && <Over callId={callId} title="The call is over" words={outcomeWords(over.outcome)} />}
      {problem && !over && (
        <Over callId={callId} title="This call cannot be watched" words={problemWords(problem)} />
      )}
      {picture && (
        <Watched
          picture={picture}
          connection={connection}
          isOver={over !== undefined || problem !== undefined}
        />
      )}
      {!picture && !problem && connection.status !== 'given up' && (
        <Loader role="status" aria-label="Connecting" />
      )}
    </Stack>
  );
}

function Over({ callId, title, words }: { callId: string; title: string; words: string }) {
  return (
    <Alert color="blue" title={title} role="status">
      <Group justify="space-between">
        <Text size="sm">{words}</Text>
        <Button component={Link} href={`/past/${callId}`} variant="default" size="xs">
          Look at its record
        </Button>
      </Group>
    </Alert>
  );
}

/** What the page knows of the call. */
interface WatchedProps {
  readonly picture: CallPicture;
  readonly connection: WatchConnection;
  readonly isOver: boolean;
}

function Watched({ picture, connection, isOver }: WatchedProps) {
  const { atMs, row, charts, steps, lines, words, turns, marks, levels } = picture;
  // where the chart is, is not known while nothing comes: then nothing can be asked of it
  const state = connection.status === 'open' ? charts.find(({ actor }) => actor === 'call') : undefined;
  const data = useMemo<TimelineData>(
    () => ({ durationMs: atMs, levelEveryMs, caller: levels.caller, agent: levels.agent, turns, marks }),
    [atMs, levels, turns, marks],
  );
  return (
    <>
      <CallHead row={row} wallOffsetMs={connection.wallOffsetMs} isOver={isOver} />
      {!isOver && (
        <Part>
          <CallControls row={row} state={state} />
        </Part>
      )}
      <Part title="Both voices">
        <Timeline data={data} isLive />
      </Part>
      <Grid>
        <Grid.Col span={{ base: 12, lg: 7 }}>
          <Part title="Statechart">
            <CallCharts running={charts} steps={steps} />
          </Part>
        </Grid.Col>
        <Grid.Col span={{ base: 12, lg: 5 }}>
          <Stack>
            <Part title="Transcript">
              <Transcript
                lines={lines}
                words={words}
                whenEmpty="Nothing has been said, or the words of this call are not to be seen here."
              />
            </Part>
            <Part title="How long replies took">
              <LatencyWaterfall turns={turns} />
            </Part>
          </Stack>
        </Grid.Col>
      </Grid>
    </>
  );
}

function Part({ title, children }: { readonly title?: string; readonly children: React.ReactNode }) {
  return (
    <Card withBorder component="section">
      {title && (
        <Title order={3} size="h5" mb="xs">
          {title}
        </Title>
      )}
      {children}
    </Card>
  );
}
