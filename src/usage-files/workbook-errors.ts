// Cells of a workbook that hold no value but an error, and formulas that nobody has computed. The reader of workbooks gives them as
// empty; a count left out is one call, so they are made texts, which are refused with their place.

import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';

const errorCell = /(<(?:\w+:)?c\b[^>]*?\bt=)(["'])e\2/g;
const formulaCell =
  /<((?:\w+:)?)c\b([^>]*)>(\s*<(?:\w+:)?f\b(?:[^>]*\/>|[^>]*>[^<]*<\/(?:\w+:)?f>))\s*(<(?:\w+:)?v\s*\/>|<(?:\w+:)?v>\s*<\/(?:\w+:)?v>)?\s*<\/(?:\w+:)?c>/g;
const notComputed = '#CALC!';

/** The same workbook, with errors as texts. */
export function withErrorsAsText(bytes: Buffer): Buffer {
  const sheets = unzipSync(bytes, { filter: ({ name }) => isSheet(name) });
  const mended = Object.entries(sheets).flatMap(([name, xml]) => {
    const text = strFromU8(xml, true);
    const whole = mend(text);
    return whole === text ? [] : [[name, strToU8(whole, true)] as const];
  });
  if (mended.length === 0) return bytes;
  return Buffer.from(zipSync({ ...unzipSync(bytes), ...Object.fromEntries(mended) }, { level: 0 }));
}

const isSheet = (name: string): boolean => /^xl\/worksheets\/[^/]+\.xml$/.test(name);

const mend = (xml: string): string =>
  xml
    .replaceAll(errorCell, '$1$2str$2')
    .replaceAll(formulaCell, (cell: string, prefix: string, attributes: string, formula: string, value?: string) => {
      // A formula may come to an empty text.
      if (value !== undefined && /\bt=["']str["']/.test(attributes)) return cell;
      const rest = attributes.replace(/\s*\bt=["'][^"']*["']/, '');
      return `<${prefix}c${rest} t="str">${formula}<${prefix}v>${notComputed}</${prefix}v></${prefix}c>`;
    });
