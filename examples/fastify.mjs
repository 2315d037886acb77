// Fastify: a route whose calls are sold. Asked before it, captured before its answer leaves: what the customer gets is on disk.
//
//   import { Suanpan } from 'suanpan/client';
//   import { sold } from './fastify.mjs';
//   const suanpan = new Suanpan({ url: process.env.SUANPAN_URL, apiKey: process.env.SUANPAN_API_KEY });
//   const callOf = (request) => ({ account: request.customer, meter: 'liveness.basic.authority' });
//   app.post('/verify', sold(suanpan, callOf), async (request) => verify(request.body));

const billing = Symbol('billing');

/** Hooks of a route. An answer of 400 or above is not paid for. */
export const sold = (suanpan, callOf) => ({
  preHandler: async (request, reply) => {
    try {
      await new Promise((allowed, refused) => {
        const made = (hold) => {
          request.hold = hold;
          allowed();
          return new Promise((answered) => {
            request[billing] = { answered, recorded };
          });
        };
        const outcome = (status) => (status < 400 ? {} : 'release');
        const recorded = Promise.resolve().then(() => suanpan.around(callOf(request), made, { outcome }));
        recorded.catch(refused);
      });
    } catch (problem) {
      return reply.code(statusOf(problem)).send({ code: problem.code, detail: problem.message });
    }
  },
  onSend: async (request, reply, payload) => {
    const call = request[billing];
    if (call === undefined) return payload;
    // An answer about what goes wrong here comes this way again.
    request[billing] = undefined;
    call.answered(reply.statusCode);
    try {
      await call.recorded;
    } catch (problem) {
      request.log.error(problem, 'a call was made and not recorded');
      reply.code(503);
      throw problem;
    }
    return payload;
  },
});

/** What the customer may mend is 402; whatever else is wrong is ours, and no call goes out unpaid. */
const ofCustomer = ['POSTPAID_OFF', 'CAP_REACHED', 'ARREARS', 'SUSPENDED'];
const statusOf = ({ code }) => (ofCustomer.includes(code) ? 402 : 503);
