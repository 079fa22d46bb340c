import { ActionIcon, Alert, Button, Card, Group, List, Stack, Text, TextInput, Title } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { IconCheck, IconCopy, IconHeadset } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { AgentSummary } from '../api/agents.ts';
import { useSession } from '../shell/session-gate.tsx';
import { AgentFields } from './agent-fields.tsx';

/** One agent as it is in force: what it is, where Exotel reaches it, what is wrong with its file, every field. */
export function AgentCard({ agent }: { readonly agent: AgentSummary }) {
  const { scopes } = useSession();
  const { name, description, model, voice, languages, hash, address, problems, fields } = agent;
  const mayCall = scopes.includes('calls:control');
  return (
    <Card withBorder component="section" aria-label={name}>
      <Stack gap="sm">
        <Group justify="space-between" align="start">
          <div>
            <Title order={3} size="h4">
              {name}
            </Title>
            {description && <Text size="sm">{description}</Text>}
            <Text size="sm" c="dimmed">
              {model}, voice {voice}, {languages.join(' and ')}, file {hash}
            </Text>
          </div>
          {mayCall ? (
            <Button
              component={Link}
              href={`/phone/${encodeURIComponent(name)}`}
              leftSection={<IconHeadset size={18} aria-hidden />}
              aria-label={`Call it: ${name}`}
            >
              Call it
            </Button>
          ) : (
            <Text size="sm" c="dimmed">
              To call it your token lacks calls:control.
            </Text>
          )}
        </Group>
        {problems.length > 0 && <Broken problems={problems} />}
        <Address name={name} address={address} />
        <AgentFields name={name} fields={fields} />
      </Stack>
    </Card>
  );
}

function Broken({ problems }: { readonly problems: readonly string[] }) {
  return (
    <Alert color="red" title="Its file is broken as it is now; the last good one goes on answering">
      <List size="sm">
        {problems.map((problem) => (
          <List.Item key={problem}>{problem}</List.Item>
        ))}
      </List>
    </Alert>
  );
}

/** What is pasted into Exotel’s applet. */
function Address({ name, address }: { readonly name: string; readonly address: string }) {
  const { copy, copied, error } = useClipboard({ timeout: 2000 });
  return (
    <TextInput
      label="Address for Exotel’s Voicebot applet"
      description={
        error ? 'This browser does not let the page copy here: select it and copy it yourself.' : undefined
      }
      value={address}
      readOnly
      onFocus={({ currentTarget }) => currentTarget.select()}
      rightSection={
        <ActionIcon
          variant="subtle"
          aria-label={copied ? 'Copied' : `Copy the address of ${name}`}
          onClick={() => copy(address)}
        >
          {copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />}
        </ActionIcon>
      }
    />
  );
}
