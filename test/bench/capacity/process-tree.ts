import { readdirSync, readFileSync } from 'node:fs';

/** What a process and all that it began have used, by Linux's account. */
export interface Usage {
  /** CPU time, ms; counted in ticks of 10. */
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Of the process `pid` and its descendants. */
export function usageOf(pid: number): Usage {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const family = new Set([pid]);
  // children have greater numbers, unless these began anew
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const { pid: id, parent } of all) if (family.has(parent)) family.add(id);
  }
  const own = all.filter(({ pid: id }) => family.has(id));
  const sum = (pick: (one: Stat) => number): number => own.reduce((total, one) => total + pick(one), 0);
  return { cpuMs: sum(({ cpuMs }) => cpuMs), rssMb: sum(({ rssMb }) => rssMb) };
}

/** What a core was busy with so far, all processes, ms. */
export function coreBusyMs(core: number): number {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((one) => one.startsWith(`cpu${core} `));
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] =
    line?.split(/\s+/).slice(1).map(Number) ?? [];
  return (user + nice + system + irq + softIrq + steal) * 10;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
  readonly rssMb: number;
}

function statOf(name: string): Stat[] {
  try {
    // the command's name, in brackets, may hold anything
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const at = (index: number): number => Number(fields[index]);
    return [
      { pid: Number(name), parent: at(1), cpuMs: (at(11) + at(12)) * 10, rssMb: (at(21) * 4096) / 1e6 },
    ];
  } catch {
    // it has ended meanwhile
    return [];
  }
}
