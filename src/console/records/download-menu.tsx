import { ActionIcon, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { recordPath } from '../api/records.ts';
import { useSession } from '../shell/session-gate.tsx';

/** The files of a past call, to take along; those that the token may not have cannot be chosen, and say so. */
export function DownloadMenu({ callId, what }: { readonly callId: string; readonly what: string }) {
  const { scopes } = useSession();
  const files = [
    { name: 'Recording', scope: 'audio:read', path: '/audio?download=true', file: `${callId}.wav` },
    { name: 'Transcript', scope: 'transcripts:read', path: '/transcript', file: `${callId}.jsonl` },
    { name: 'call.json', scope: 'calls:read', path: '', file: `${callId}.json` },
  ];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={`Download ${what}`}>
          <IconDownload size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {files.map(({ name, scope, path, file }) =>
          scopes.includes(scope) ? (
            <Menu.Item key={name} component="a" href={recordPath(callId) + path} download={file}>
              {name}
            </Menu.Item>
          ) : (
            <Menu.Item key={name} disabled>
              {name}: needs {scope}
            </Menu.Item>
          ),
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
