// Express: middleware for what is sold by the call. Asked before the route, captured when its answer is out.
//
//   import { Suanpan } from 'suanpan/client';
//   import { sold } from './express.mjs';
//   const suanpan = new Suanpan({ url: process.env.SUANPAN_URL, apiKey: process.env.SUANPAN_API_KEY });
//   const callOf = (request) => ({ account: request.customer, meter: 'liveness.basic.authority' });
//   app.post('/verify', sold(suanpan, callOf), (request, response) => response.json(verify(request.body)));

/**
 * An answer of 400 or above, and none at all, is not paid for. `lost` is told of a call that was made and could not be recorded:
 * keep it (`id`, `outcome`) and capture it later.
 */
export const sold =
  (suanpan, callOf, lost = (notCaptured) => console.error(notCaptured)) =>
  async (request, response, next) => {
    let isMade = false;
    const make = (hold) => {
      isMade = true;
      request.hold = hold;
      return new Promise((answered) => {
        response.once('close', answered);
        next();
      });
    };
    const outcome = () => (response.headersSent && response.statusCode < 400 ? {} : 'release');
    try {
      await suanpan.around(callOf(request), make, { outcome });
    } catch (problem) {
      if (isMade) lost(problem);
      else response.status(statusOf(problem)).json({ code: problem.code, detail: problem.message });
    }
  };

/** What the customer may mend is 402; whatever else is wrong is ours, and no call goes out unpaid. */
const ofCustomer = ['POSTPAID_OFF', 'CAP_REACHED', 'ARREARS', 'SUSPENDED'];
const statusOf = ({ code }) => (ofCustomer.includes(code) ? 402 : 503);
