// Titles of the columns of an exported bill. They are part of its bytes: a file of a final bill is the same for ever, so they are
// never reworded.

export const lineColumns = {
  zh: ['类型', '账期', '计费项', '产品', '资源包', '次数', '阶梯', '单价', '金额', '说明'],
  en: ['kind', 'month', 'tariff', 'product', 'pack', 'calls', 'tier', 'unit_price', 'amount', 'formula'],
};
