// What a gateway makes of the actions it passes on: data beside the price book. An action that is not in it is not passed on.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { isTimeZone } from '../core/calendar.ts';

const name = z.string().min(1).max(100);
/** Fields from the answer's `Response` down, with dots. */
const path = z.string().regex(/^[A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*)*$/);

const action = z.discriminatedUnion('kind', [
  /** One call, held before it is made. `errors`: whether an error's code is looked up as a result, or means that no call was made. */
  z.strictObject({ kind: z.literal('call'), meter: name, result: path, errors: z.enum(['code', 'release']) }),
  /** Begins a flow whose attempts are charged later: passed on only where one of them could be paid. */
  z.strictObject({
    kind: z.literal('start'),
    meter: name.optional(),
    rule: name.optional(),
    /** Where the answer has the flow's token, and the action by which its attempts are fetched. */
    token: path.optional(),
    fetch: name.optional(),
  }),
  z.strictObject({ kind: z.literal('free') }),
  /** Fetches what came of a flow: each element of the list is an attempt; without one, the answer is. `text`: a field that is itself the text of JSON, in which the list stands. */
  z.strictObject({
    kind: z.literal('attempts'),
    token: name,
    meter: name.optional(),
    rule: name.optional(),
    library: name.optional(),
    text: path.optional(),
    list: path.optional(),
    result: path.optional(),
  }),
]);
export type ActionRule = z.infer<typeof action>;

const map = z.strictObject({
  version: z.string(),
  service: name,
  actions: z.record(name, action),
  /** By the operator's RuleId at the provider. */
  rules: z.record(name, z.strictObject({ meter: name, channel: name, library: name })),
  /** The provider's own list of a day's attempts: whole from this hour of the next day on. */
  list: z.strictObject({ action: name, timeZone: z.string().refine(isTimeZone), hour: z.int().min(0).max(23) }),
});
export type GatewayMap = z.infer<typeof map>;
export type FlowRule = GatewayMap['rules'][string];

/** The map that ships, and over it the actions and rules of a file of the operator's own. Throws where one is malformed. */
export function readMap(file: string | undefined): GatewayMap {
  const shipped = map.parse(
    JSON.parse(readFileSync(new URL('../../catalog/gateways/faceid.json', import.meta.url), 'utf8')),
  );
  if (file === undefined) return shipped;
  const own = map.partial().parse(JSON.parse(readFileSync(file, 'utf8')));
  return {
    version: own.version ?? shipped.version,
    service: own.service ?? shipped.service,
    actions: { ...shipped.actions, ...own.actions },
    rules: { ...shipped.rules, ...own.rules },
    list: own.list ?? shipped.list,
  };
}
