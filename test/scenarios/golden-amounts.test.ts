// Every tariff of the three FaceID books at every edge of its tiers. The amounts are the published prices times the calls, worked
// out from the price pages with decimals, never by this program. "quote": the tier has no public price.

import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/book/shelf.ts';
import { quoteOf } from './story.ts';

const expected: Readonly<Record<string, string>> = {
  // lower-inclusive: 1,000 calls are in the second tier
  'faceid-legacy': `
  calls                            1       999      1000      1001      9999     10000     10001     99999    100000    100001    199999    200000    200001
  liveness_verification         1.00    999.00    850.00    850.85   8499.15   7500.00   7500.75  74999.25  68000.00  68000.68 135999.32     quote     quote
  photo_verification            1.00    999.00    850.00    850.85   8499.15   7500.00   7500.75  74999.25  68000.00  68000.68 135999.32     quote     quote
  liveness_comparison           0.15    149.85    130.00    130.13   1299.87   1100.00   1100.11  10999.89  11000.00  11000.11  21999.89     quote     quote
  identity                      0.30    299.70    300.00    300.30   2999.70   2800.00   2800.28  27999.72  26000.00  26000.26  51999.74     quote     quote
  bank_card                     0.40    399.60    380.00    380.38   3799.62   3600.00   3600.36  35999.64  34000.00  34000.34  67999.66     quote     quote
  phone_status                  0.40    399.60    380.00    380.38   3799.62   3600.00   3600.36  35999.64  36000.00  36000.36  71999.64     quote     quote
  bank_card_info                0.30    299.70    300.00    300.30   2999.70   3000.00   3000.30  29999.70  20000.00  20000.20  39999.80     quote     quote
  eid                           1.50   1498.50   1500.00   1501.50  14998.50  15000.00  15001.50 149998.50 150000.00 150001.50 299998.50 300000.00 300001.50`,
  // upper-inclusive: 1,000 calls are still in the first
  'faceid-2019': `
  calls                            1       999      1000      1001      9999     10000     10001     99999    100000    100001    199999    200000    200001
  liveness_verification         1.00    999.00   1000.00    850.85   8499.15   8500.00   7500.75  74999.25  75000.00  68000.68 135999.32 136000.00     quote
  photo_verification            1.00    999.00   1000.00    850.85   8499.15   8500.00   7500.75  74999.25  75000.00  68000.68 135999.32 136000.00     quote
  liveness_comparison           0.15    149.85    150.00    130.13   1299.87   1300.00   1100.11  10999.89  11000.00  11000.11  21999.89  22000.00     quote
  identity                      0.30    299.70    300.00    300.30   2999.70   3000.00   2800.28  27999.72  28000.00  26000.26  51999.74  52000.00     quote
  bank_card                     0.40    399.60    400.00    380.38   3799.62   3800.00   3600.36  35999.64  36000.00  34000.34  67999.66  68000.00     quote
  phone_status                  0.40    399.60    400.00    380.38   3799.62   3800.00   3600.36  35999.64  36000.00  34000.34  67999.66  68000.00     quote
  bank_card_info                0.30    299.70    300.00    300.30   2999.70   3000.00   3000.30  29999.70  30000.00  20000.20  39999.80  40000.00     quote
  eid                           1.50   1498.50   1500.00   1501.50  14998.50  15000.00  15001.50 149998.50 150000.00 150001.50 299998.50 300000.00 300001.50`,
  // face products have one flat price each
  'faceid-2021': `
  calls                            1       999      1000      1001      9999     10000     10001     99999    100000    100001    199999    200000    200001
  identity                      0.30    299.70    300.00    300.30   2999.70   2800.00   2800.28  27999.72  26000.00  26000.26  51999.74     quote     quote
  bank_card                     0.40    399.60    380.00    380.38   3799.62   3600.00   3600.36  35999.64  34000.00  34000.34  67999.66     quote     quote
  phone_status                  0.40    399.60    380.00    380.38   3799.62   3600.00   3600.36  35999.64  36000.00  36000.36  71999.64     quote     quote
  bank_card_info                0.30    299.70    300.00    300.30   2999.70   3000.00   3000.30  29999.70  20000.00  20000.20  39999.80     quote     quote
  phone_info                    0.40    399.60    380.00    380.38   3799.62   3600.00   3600.36  35999.64  36000.00  36000.36  71999.64     quote     quote
  eid                           1.50   1498.50   1500.00   1501.50  14998.50  15000.00  15001.50 149998.50 150000.00 150001.50 299998.50 300000.00 300001.50
  enhanced_authority_wechat     1.20   1198.80   1200.00   1201.20  11998.80  12000.00  12001.20 119998.80 120000.00 120001.20 239998.80 240000.00 240001.20
  enhanced_authority_app        1.20   1198.80   1200.00   1201.20  11998.80  12000.00  12001.20 119998.80 120000.00 120001.20 239998.80 240000.00 240001.20
  enhanced_selfie_wechat        0.30    299.70    300.00    300.30   2999.70   3000.00   3000.30  29999.70  30000.00  30000.30  59999.70  60000.00  60000.30
  enhanced_selfie_app           0.30    299.70    300.00    300.30   2999.70   3000.00   3000.30  29999.70  30000.00  30000.30  59999.70  60000.00  60000.30
  basic_authority               1.00    999.00   1000.00   1001.00   9999.00  10000.00  10001.00  99999.00 100000.00 100001.00 199999.00 200000.00 200001.00
  basic_selfie                  0.15    149.85    150.00    150.15   1499.85   1500.00   1500.15  14999.85  15000.00  15000.15  29999.85  30000.00  30000.15`,
};

const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/));

describe.each(Object.entries(expected))('%s', (book, table) => {
  const [[, ...quantities] = [], ...rows] = rowsOf(table);

  it('names every tariff of the book', () => {
    const tariffs = [...loadCatalog().get(book)!.book.tariffs.keys()];
    expect(rows.map(([tariff]) => tariff).toSorted()).toEqual(tariffs.toSorted());
  });

  it.each(rows)('%s', (tariff, ...amounts) => {
    const charged = quantities.map((calls) => quoteOf(`${book} ${tariff}=${calls}`).postpaid ?? 'quote');
    expect(charged).toEqual(amounts);
  });
});
