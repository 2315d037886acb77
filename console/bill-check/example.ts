// A bill with mistakes in it to try, as in the guide: calls, packs, and what was billed for them.

const calls = `id,account,meter,action,resultCode,calls,time
a-1,acme,liveness.basic.authority,,,1000,2026-01-05T09:00:00+08:00
a-2,acme,liveness.basic.authority,,,11000,2026-01-06T15:00:00+08:00
a-3,acme,phone_status,,,1000,2026-01-20T11:30:00+08:00
a-4,acme,,IdCardVerification,0,500,2026-01-21T08:00:00+08:00
a-5,acme,,IdCardVerification,-2,40,2026-01-21T08:05:00+08:00
`;

const packs = `id,product,calls,price,gift,bought,effective,expires,remaining
p1,basic_authority,10000,8000.00,false,2026-01-06T10:00:00+08:00,,,
`;

const bill = `kind,day,meter,pack,tariff,calls,unit_price,amount
purchase,,,p1,,,,8000.00
pack,2026-01-05,liveness.basic.authority,p1,,1000,,
pack,2026-01-06,liveness.basic.authority,p1,,9000,,
postpaid,2026-01-06,liveness.basic.authority,,,2000,,
postpaid,2026-01-20,phone_status,,,1000,,
postpaid,2026-01-21,identity,,,540,,
postpaid,,,,liveness_verification,2000,0.85,1700.00
postpaid,,,,phone_status,1000,0.40,400.00
postpaid,,,,identity,540,0.30,162.00
total,,,,,,,10262.00
`;

const fileOf = (name: string, text: string): File => new File([text], name, { type: 'text/csv' });

/** The book that the example is of. */
export const exampleBook = 'faceid-legacy';

export const exampleFiles = () => ({
  usage: fileOf('calls.csv', calls),
  bill: fileOf('bill.csv', bill),
  packs: fileOf('packs.csv', packs),
});
