// The service's upgrade path with an echo behind it, for the fuzzing client of the Autobahn test suite (`wstest -m fuzzingclient`
// with the server `ws://127.0.0.1:9001/exotel/echo`). `npm run bench:websocket`
import { openEchoDoor } from '../helpers/echo-door.ts';

const { port } = await openEchoDoor(Number(process.env.PORT ?? 9001));
console.info(`ws://127.0.0.1:${port}/exotel/echo`);
