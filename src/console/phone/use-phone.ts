import { useCallback, useEffect, useRef, useState } from 'react';
import { idlePhone, type LineSettings, PhoneCall, type PhoneState } from './phone-call.ts';

/** A phone of the page: at most one call at a time, hung up when the page is left. */
export interface Phone {
  readonly state: PhoneState;
  dial(address: string, to: string): void;
  hangUp(): void;
  press(digit: string): void;
  say(url: string): Promise<void>;
}

/** The number that a call from the browser comes from. */
const ownNumber = '09000000000';

/** A phone whose line is as `line` says, also in mid-call. */
export function usePhone(line: LineSettings): Phone {
  const [state, setState] = useState(idlePhone);
  const call = useRef<PhoneCall>(undefined);
  useEffect(() => call.current?.setLine(line), [line]);
  useEffect(() => () => call.current?.hangUp(), []);
  const dial = useCallback(
    (address: string, to: string) => {
      call.current?.hangUp();
      call.current = new PhoneCall({ address, from: ownNumber, to, line, changed: setState });
      call.current.dial();
    },
    [line],
  );
  const hangUp = useCallback(() => call.current?.hangUp(), []);
  const press = useCallback((digit: string) => call.current?.press(digit), []);
  const say = useCallback(async (url: string) => call.current?.say(url), []);
  return { state, dial, hangUp, press, say };
}
