import { Anchor, Card, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from 'wouter';
import type { FoundCall } from '../api/records.ts';
import { DownloadMenu } from './download-menu.tsx';
import { lengthText, outcomeLabel, whenText } from './record-words.ts';

/** The past calls that were found: a table, and on a narrow screen a card for each. */
export function FoundCalls({ calls }: { readonly calls: readonly FoundCall[] }) {
  const isNarrow = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  return isNarrow ? <Cards calls={calls} /> : <Rows calls={calls} />;
}

function Rows({ calls }: { readonly calls: readonly FoundCall[] }) {
  return (
    <Table aria-label="Past calls" highlightOnHover withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Began</Table.Th>
          <Table.Th>Agent</Table.Th>
          <Table.Th>Caller</Table.Th>
          <Table.Th>Called</Table.Th>
          <Table.Th>Outcome</Table.Th>
          <Table.Th>Lasted</Table.Th>
          <Table.Th aria-label="Download" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {calls.map((call) => (
          <Table.Tr key={call.callId} data-call={call.callId}>
            <Table.Td>
              <CallLink call={call} />
            </Table.Td>
            <Table.Td>{call.agent}</Table.Td>
            <Table.Td>{call.from}</Table.Td>
            <Table.Td>{call.to}</Table.Td>
            <Table.Td>{outcomeLabel(call.outcome)}</Table.Td>
            <Table.Td>{lengthText(call.durationMs)}</Table.Td>
            <Table.Td>
              <DownloadMenu callId={call.callId} what={nameOf(call)} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Cards({ calls }: { readonly calls: readonly FoundCall[] }) {
  return (
    <Stack gap="xs" component="ul" p={0} m={0} w="100%">
      {calls.map((call) => (
        <Card key={call.callId} withBorder component="li" p="sm" data-call={call.callId}>
          <Group justify="space-between" wrap="nowrap" align="start">
            <Stack gap={2}>
              <CallLink call={call} />
              <Text size="sm">
                {call.agent}, {lengthText(call.durationMs)}
              </Text>
              <Text size="sm" c="dimmed">
                {call.from} called {call.to}
              </Text>
              <Text size="sm">{outcomeLabel(call.outcome)}</Text>
            </Stack>
            <DownloadMenu callId={call.callId} what={nameOf(call)} />
          </Group>
        </Card>
      ))}
    </Stack>
  );
}

function CallLink({ call }: { readonly call: FoundCall }) {
  return (
    <Anchor component={Link} href={`/past/${call.callId}`} size="sm" aria-label={`Open ${nameOf(call)}`}>
      {whenText(call.startedAt)}
    </Anchor>
  );
}

/** Which call it is, for whoever hears the page. */
function nameOf({ startedAt, agent }: FoundCall): string {
  return `the call of ${whenText(startedAt)} with ${agent}`;
}
