import type { AnyStateMachine } from 'xstate';
import { chartPicture } from './chart-picture.ts';

/** A form in which a machine can be given away. */
export type MachineFormat = 'json' | 'mermaid' | 'stately';

/** A machine as a file. */
export interface MachineFile {
  readonly name: string;
  readonly text: string;
}

/**
 * A machine as a file: `json`, its configuration as XState's `createMachine` takes it; `stately`, the same as the code that
 * Stately's editor imports; `mermaid`, a picture for documents. Actions, guards and actors stand in it by their names.
 */
export function machineFile(machine: AnyStateMachine, format: MachineFormat): MachineFile {
  const { id } = machine;
  switch (format) {
    case 'json':
      return { name: `${id}.json`, text: `${definitionOf(machine)}\n` };
    case 'mermaid':
      return { name: `${id}.mmd`, text: chartPicture(machine) };
    case 'stately':
      return {
        name: `${id}.machine.ts`,
        text: `import { createMachine } from 'xstate';\n\nexport const ${id}Machine = createMachine(${definitionOf(machine)});\n`,
      };
  }
}

/** A machine's configuration as JSON. Its starting context, and what is computed for children, are functions and left out. */
export function definitionOf({ config }: Pick<AnyStateMachine, 'config'>, indent = 2): string {
  return JSON.stringify(config, undefined, indent);
}
