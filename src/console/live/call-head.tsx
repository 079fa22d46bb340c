import { Group, Stack, Text, Title } from '@mantine/core';
import { memo } from 'react';
import type { CallRow } from '../../inspection/format.ts';
import classes from './call-table.module.css';
import { floorWords, healthWords } from './call-words.ts';
import { LatencyBars } from './latency-bars.tsx';
import { Ticking } from './ticking.tsx';

/** A call in a line: who talks with whom, who has the floor and why, since when, and how well it goes. */
export const CallHead = memo(
  ({ row, wallOffsetMs, isOver }: { row: CallRow; wallOffsetMs: number; isOver: boolean }) => {
    const { agent, caller = 'a caller without a number', floor, because, floorSinceMs, health } = row;
    const acceptedMs = row.acceptedWallMs - wallOffsetMs;
    return (
      <Stack gap={4}>
        <Title order={2}>
          {agent} with {caller}
        </Title>
        {!isOver && (
          <Group gap="md">
            <Text size="sm" component="span">
              Lasts <Ticking sinceMs={acceptedMs} />
            </Text>
            <Text size="sm" component="span" data-floor={floor}>
              Floor: <b>{floorWords[floor]}</b> ({because}), <Ticking sinceMs={acceptedMs + floorSinceMs} />
            </Text>
            <Text size="sm" component="span">
              Replies after <LatencyBars latenciesMs={row.latenciesMs} />
            </Text>
            <Text size="sm" component="span" className={classes.health} data-health={health}>
              {healthWords[health]}
            </Text>
            {row.isMuted && (
              <Text size="sm" component="span">
                The caller is muted
              </Text>
            )}
          </Group>
        )}
      </Stack>
    );
  },
);
