import { Button, Card, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { IconHeadset } from '@tabler/icons-react';
import { Link } from 'wouter';
import { CallTable } from '../live/call-table.tsx';
import { ConnectionAlert } from '../live/connection-alert.tsx';
import { useLiveCalls } from '../live/use-live.ts';

/** Every call of this moment. */
export function LivePage() {
  const { calls, connection } = useLiveCalls();
  const count = calls?.length ?? 0;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2}>Live</Title>
        {count > 0 && <Text c="dimmed">{count === 1 ? '1 call' : `${count} calls`}</Text>}
      </Group>
      <ConnectionAlert connection={connection} />
      {calls && count > 0 && <CallTable calls={calls} wallOffsetMs={connection.wallOffsetMs} />}
      {calls && count === 0 && <NoCalls />}
      {!calls && connection.status === 'connecting' && <Loader role="status" aria-label="Connecting" />}
    </Stack>
  );
}

function NoCalls() {
  return (
    <Card withBorder>
      <Stack align="start">
        <Text>Nobody calls at the moment. Calls appear here as they come.</Text>
        <Button component={Link} href="/phone" leftSection={<IconHeadset size={18} aria-hidden />}>
          Call an agent from the browser
        </Button>
      </Stack>
    </Card>
  );
}
