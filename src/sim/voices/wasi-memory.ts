/** What a program left behind: the files it wrote and what it printed. */
export interface WasiRun {
  readonly exitCode: number;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly output: string;
}

const errnoBadf = 8;
const errnoNoent = 44;
const oflagCreate = 1;
const oflagTruncate = 8;
const preopenedFd = 3;
const filetypeDirectory = 3;
const filetypeRegular = 4;

class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`the program exited with code ${code}`);
    this.code = code;
  }
}

class MemoryFile {
  bytes = new Uint8Array(0);
  sizeBytes = 0;

  write(at: number, from: Uint8Array): void {
    const end = at + from.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, this.bytes.length * 2));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(from, at);
    this.sizeBytes = Math.max(this.sizeBytes, end);
  }
}

/**
 * Runs a WASI command (`wasi_snapshot_preview1`) once, with the given arguments and a file system in memory.
 *
 * It serves only the thirteen calls that a plain C program without directories needs; `wallMs` is the time it is told.
 */
export function runWasi(module: WebAssembly.Module, args: readonly string[], wallMs: number): WasiRun {
  const files = new Map<string, MemoryFile>();
  const open = new Map<number, { file: MemoryFile; at: number }>();
  const printed: Buffer[] = [];
  const argBytes = args.map((arg) => Buffer.from(`${arg}\0`));
  let nextFd = preopenedFd + 1;
  let memory: WebAssembly.Memory | undefined;
  const view = (): DataView => new DataView(memoryBuffer());
  const bytes = (at: number, length: number): Uint8Array => new Uint8Array(memoryBuffer(), at, length);
  const memoryBuffer = (): ArrayBuffer => {
    if (!memory) throw new Error('the program called out before its memory was known');
    return memory.buffer as ArrayBuffer;
  };
  const slices = (at: number, count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, i) =>
      bytes(view().getUint32(at + 8 * i, true), view().getUint32(at + 8 * i + 4, true)),
    );

  const calls = {
    args_sizes_get(countAt: number, sizeAt: number): number {
      view().setUint32(countAt, argBytes.length, true);
      view().setUint32(
        sizeAt,
        argBytes.reduce((sum, arg) => sum + arg.length, 0),
        true,
      );
      return 0;
    },
    args_get(pointersAt: number, textAt: number): number {
      let at = textAt;
      argBytes.forEach((arg, i) => {
        view().setUint32(pointersAt + 4 * i, at, true);
        bytes(at, arg.length).set(arg);
        at += arg.length;
      });
      return 0;
    },
    clock_time_get(_id: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, BigInt(Math.round(wallMs)) * 1_000_000n, true);
      return 0;
    },
    fd_close(fd: number): number {
      return open.delete(fd) ? 0 : errnoBadf;
    },
    fd_fdstat_get(fd: number, at: number): number {
      bytes(at, 24).fill(0);
      view().setUint8(at, fd === preopenedFd ? filetypeDirectory : filetypeRegular);
      view().setBigUint64(at + 8, 0xffff_ffff_ffff_ffffn, true);
      view().setBigUint64(at + 16, 0xffff_ffff_ffff_ffffn, true);
      return 0;
    },
    fd_fdstat_set_flags: (): number => 0,
    fd_prestat_get(fd: number, at: number): number {
      if (fd !== preopenedFd) return errnoBadf;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, 1, true);
      return 0;
    },
    fd_prestat_dir_name(fd: number, at: number): number {
      if (fd !== preopenedFd) return errnoBadf;
      bytes(at, 1).set(Buffer.from('/'));
      return 0;
    },
    fd_read(fd: number, slicesAt: number, count: number, readAt: number): number {
      const handle = open.get(fd);
      if (!handle) return errnoBadf;
      let read = 0;
      for (const into of slices(slicesAt, count)) {
        const part = handle.file.bytes.subarray(
          handle.at,
          Math.min(handle.at + into.length, handle.file.sizeBytes),
        );
        into.set(part);
        handle.at += part.length;
        read += part.length;
      }
      view().setUint32(readAt, read, true);
      return 0;
    },
    fd_seek(fd: number, offset: bigint, whence: number, newAt: number): number {
      const handle = open.get(fd);
      if (!handle) return errnoBadf;
      const origin = [0, handle.at, handle.file.sizeBytes][whence] ?? 0;
      handle.at = origin + Number(offset);
      view().setBigUint64(newAt, BigInt(handle.at), true);
      return 0;
    },
    fd_write(fd: number, slicesAt: number, count: number, writtenAt: number): number {
      const handle = open.get(fd);
      let written = 0;
      for (const from of slices(slicesAt, count)) {
        if (handle) {
          handle.file.write(handle.at, from);
          handle.at += from.length;
        } else printed.push(Buffer.from(from));
        written += from.length;
      }
      view().setUint32(writtenAt, written, true);
      return 0;
    },
    path_open(
      _dir: number,
      _dirFlags: number,
      pathAt: number,
      pathLength: number,
      oflags: number,
      _rights: bigint,
      _inherited: bigint,
      _fdFlags: number,
      fdAt: number,
    ): number {
      const path = Buffer.from(bytes(pathAt, pathLength)).toString();
      let file = files.get(path);
      if (!file && !(oflags & oflagCreate)) return errnoNoent;
      if (!file || oflags & oflagTruncate) file = new MemoryFile();
      files.set(path, file);
      open.set(nextFd, { file, at: 0 });
      view().setUint32(fdAt, nextFd, true);
      nextFd += 1;
      return 0;
    },
    proc_exit(code: number): never {
      throw new Exit(code);
    },
  };

  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls });
  const { memory: exported, _start: start } = instance.exports;
  if (!(exported instanceof WebAssembly.Memory) || typeof start !== 'function') {
    throw new Error('not a WASI command: expected the exports memory and _start');
  }
  memory = exported;
  let exitCode = 0;
  try {
    start();
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    exitCode = error.code;
  }
  return {
    exitCode,
    files: new Map([...files].map(([path, file]) => [path, file.bytes.slice(0, file.sizeBytes)])),
    output: Buffer.concat(printed).toString(),
  };
}
