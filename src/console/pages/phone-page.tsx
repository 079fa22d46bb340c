import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  NumberInput,
  Progress,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import { IconPhone, IconPhoneOff, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useParams } from 'wouter';
import { streamAddressOf, useAgents } from '../api/agents.ts';
import type { LineSettings, PhoneState } from '../phone/phone-call.ts';
import { recordedCallers } from '../phone/recorded-callers.ts';
import { type Phone, usePhone } from '../phone/use-phone.ts';
import { Seconds } from '../shell/seconds.tsx';

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** A phone in the browser: it speaks Exotel's protocol to the same address as Exotel does. */
export function PhonePage() {
  const { agent: asked } = useParams();
  const { data: agents = [], error } = useAgents();
  const [chosen, setChosen] = useState<string | null>(null);
  const agent = chosen ?? asked ?? agents[0]?.name ?? null;
  const [mode, setMode] = useState<'open' | 'push'>('open');
  const [isPushed, setIsPushed] = useState(false);
  const [echo, setEcho] = useState({ isOn: false, db: 20, ms: 120 });
  const line = useMemo<LineSettings>(
    () => ({
      isMicrophoneOpen: mode === 'open' || isPushed,
      echoDb: echo.isOn ? echo.db : undefined,
      echoMs: echo.ms,
    }),
    [mode, isPushed, echo],
  );
  const phone = usePhone(line);
  const [failure, setFailure] = useState('');
  const call = async (): Promise<void> => {
    setFailure('');
    try {
      if (agent) phone.dial(await streamAddressOf(agent), '08000000000');
    } catch (reason) {
      setFailure(reason instanceof Error ? reason.message : 'unknown');
    }
  };
  const isBusy = phone.state.status === 'live' || phone.state.status === 'connecting';

  return (
    <Stack maw={760}>
      <Title order={2}>Phone</Title>
      {(error || failure) && <Alert color="red">{failure || error?.message}</Alert>}
      <Card withBorder>
        <Stack>
          <Group align="end">
            <Select
              label="Agent"
              data={agents.map(({ name }) => name)}
              value={agent}
              onChange={setChosen}
              disabled={isBusy}
              allowDeselect={false}
            />
            {isBusy ? (
              <Button color="red" leftSection={<IconPhoneOff size={18} aria-hidden />} onClick={phone.hangUp}>
                Hang up
              </Button>
            ) : (
              <Button leftSection={<IconPhone size={18} aria-hidden />} onClick={call} disabled={!agent}>
                Call
              </Button>
            )}
            <Status state={phone.state} />
          </Group>
          <Levels state={phone.state} />
          <Group>
            <SegmentedControl
              aria-label="Microphone"
              data={[
                { value: 'open', label: 'Open microphone' },
                { value: 'push', label: 'Push to talk' },
              ]}
              value={mode}
              onChange={(value) => setMode(value === 'push' ? 'push' : 'open')}
            />
            {mode === 'push' && <PushToTalk isPushed={isPushed} push={setIsPushed} />}
          </Group>
        </Stack>
      </Card>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Card withBorder>
          <Keypad phone={phone} />
        </Card>
        <Stack>
          <Card withBorder>
            <Stack gap="xs">
              <Title order={3} size="h5">
                Recorded callers
              </Title>
              <Text size="sm" c="dimmed">
                They speak into the line, as if you did.
              </Text>
              <Group gap="xs">
                {recordedCallers.map(({ says, url }) => (
                  <Button
                    key={url}
                    size="xs"
                    variant="default"
                    leftSection={<IconPlayerPlay size={14} aria-hidden />}
                    disabled={phone.state.status !== 'live'}
                    onClick={() => phone.say(url).catch((reason: Error) => setFailure(reason.message))}
                  >
                    {says}
                  </Button>
                ))}
              </Group>
            </Stack>
          </Card>
          <Card withBorder>
            <Stack gap="xs">
              <Switch
                label="Echo of the line"
                checked={echo.isOn}
                onChange={({ currentTarget }) => setEcho({ ...echo, isOn: currentTarget.checked })}
              />
              <Group grow>
                <NumberInput
                  label="Weaker by, dB"
                  min={0}
                  max={60}
                  value={echo.db}
                  disabled={!echo.isOn}
                  onChange={(db) => setEcho({ ...echo, db: Number(db) || 0 })}
                />
                <NumberInput
                  label="Later by, ms"
                  min={20}
                  max={900}
                  value={echo.ms}
                  disabled={!echo.isOn}
                  onChange={(ms) => setEcho({ ...echo, ms: Number(ms) || 20 })}
                />
              </Group>
            </Stack>
          </Card>
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function Status({ state }: { state: PhoneState }) {
  const { status, because, sinceMs, hasMicrophone, gaps } = state;
  if (status === 'idle') return null;
  return (
    <Group gap="xs" role="status">
      <Badge color={status === 'live' ? 'green' : status === 'connecting' ? 'yellow' : 'gray'} autoContrast>
        {status}
      </Badge>
      {status === 'live' && <Seconds sinceMs={sinceMs} />}
      {status === 'live' && !hasMicrophone && (
        <Text size="sm">no microphone: use the recordings or the keys</Text>
      )}
      {status === 'live' && gaps > 0 && (
        <Text size="sm">{gaps === 1 ? 'one gap heard' : `${gaps} gaps heard`}</Text>
      )}
      {status === 'ended' && <Text size="sm">{because}</Text>}
    </Group>
  );
}

function Levels({ state: { spokenPeak, heardPeak, queuedMs } }: { state: PhoneState }) {
  return (
    <Stack gap={6}>
      <Level label="You" peak={spokenPeak} color="var(--baari-caller)" />
      <Level label="Agent" peak={heardPeak} color="var(--baari-agent)" />
      <Text size="xs" c="dimmed">
        {Math.round(queuedMs)} ms of the agent’s speech are waiting at the phone
      </Text>
    </Stack>
  );
}

/** From −60 dB to full scale. */
function Level({ label, peak, color }: { label: string; peak: number; color: string }) {
  const db = peak > 0 ? 20 * Math.log10(peak) : -60;
  return (
    <Group gap="sm" wrap="nowrap">
      <Text size="sm" w={52}>
        {label}
      </Text>
      <Progress
        aria-label={`Level: ${label}`}
        value={Math.max(0, ((db + 60) / 60) * 100)}
        color={color}
        size="lg"
        flex={1}
        transitionDuration={80}
      />
    </Group>
  );
}

function PushToTalk({ isPushed, push }: { isPushed: boolean; push: (isPushed: boolean) => void }) {
  const isKey = (key: string): boolean => key === ' ' || key === 'Enter';
  return (
    <Button
      variant={isPushed ? 'filled' : 'outline'}
      aria-pressed={isPushed}
      onPointerDown={() => push(true)}
      onPointerUp={() => push(false)}
      onPointerLeave={() => push(false)}
      onKeyDown={({ key }) => isKey(key) && push(true)}
      onKeyUp={({ key }) => isKey(key) && push(false)}
      onBlur={() => push(false)}
    >
      Hold to talk
    </Button>
  );
}

function Keypad({ phone }: { phone: Phone }) {
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Keys
      </Title>
      <SimpleGrid cols={3} spacing="xs">
        {keys.map((digit) => (
          <Button
            key={digit}
            variant="default"
            size="md"
            disabled={phone.state.status !== 'live'}
            onClick={() => phone.press(digit)}
          >
            {digit}
          </Button>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
