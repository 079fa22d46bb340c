import { Anchor, Table } from '@mantine/core';
import { memo } from 'react';
import type { CallRecord } from '../../records/call-record.ts';
import { timeText } from '../timeline/mark-words.ts';
import { msText } from './record-words.ts';

/** Each turn of the caller’s, and what the delay of its reply was made of. */
export const TurnTable = memo(
  ({
    turns,
    onSeek,
  }: {
    readonly turns: CallRecord['turns'];
    readonly onSeek: ((atMs: number) => void) | undefined;
  }) => (
    <Table.ScrollContainer minWidth={420} tabIndex={0} role="region" aria-label="Turns">
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Turn</Table.Th>
            <Table.Th>Began</Table.Th>
            <Table.Th>End of turn</Table.Th>
            <Table.Th>Model</Table.Th>
            <Table.Th>Prebuffer</Table.Th>
            <Table.Th>In all</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {turns.map(({ turn, isBargeIn, callerStartedMs, firstChunkMs, latency }) => (
            <Table.Tr key={turn}>
              <Table.Td>
                {turn}
                {isBargeIn && ' (barge-in)'}
                {callerStartedMs === undefined && ' (unasked)'}
              </Table.Td>
              <Table.Td>
                <At atMs={callerStartedMs ?? firstChunkMs} onSeek={onSeek} />
              </Table.Td>
              <Table.Td>{latency ? msText(latency.endpointingMs) : ''}</Table.Td>
              <Table.Td>{latency ? msText(latency.modelMs) : ''}</Table.Td>
              <Table.Td>{latency ? msText(latency.playoutMs) : ''}</Table.Td>
              <Table.Td>{latency ? msText(latency.totalMs) : ''}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  ),
);

function At({
  atMs,
  onSeek,
}: {
  readonly atMs: number | undefined;
  readonly onSeek: ((atMs: number) => void) | undefined;
}) {
  if (atMs === undefined) return null;
  if (!onSeek) return timeText(atMs);
  return (
    <Anchor component="button" type="button" size="sm" onClick={() => onSeek(atMs)}>
      {timeText(atMs)}
    </Anchor>
  );
}
