import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { type RefObject, useState } from 'react';
import { recordPath } from '../api/records.ts';

const speeds = [
  { value: '1', label: '1×' },
  { value: '1.5', label: '1.5×' },
  { value: '2', label: '2×' },
];

/** Plays a past call: the caller left, the agent as heard right. */
export function Player({
  callId,
  audio,
}: {
  readonly callId: string;
  readonly audio: RefObject<HTMLAudioElement | null>;
}) {
  const [speed, setSpeed] = useState('1');
  return (
    <Stack gap={4}>
      <Group gap="sm">
        {/* biome-ignore lint/a11y/useMediaCaption: the transcript beside it is lit as it is spoken */}
        <audio
          ref={audio}
          controls
          preload="metadata"
          src={`${recordPath(callId)}/audio`}
          aria-label="Recording of the call"
        />
        <SegmentedControl
          size="xs"
          aria-label="Speed"
          data={speeds}
          value={speed}
          onChange={(value) => {
            setSpeed(value);
            if (audio.current) audio.current.playbackRate = Number(value);
          }}
        />
      </Group>
      <Text size="xs" c="dimmed">
        Left the caller, right the agent as the caller heard it.
      </Text>
    </Stack>
  );
}
