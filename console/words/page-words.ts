// What pages say, in both languages. A key that one language lacks is a compile error. Chinese of the console stands in this folder alone.

export interface PageWords<Key extends string> {
  /** The name of the page, which i18next knows the words by. */
  readonly page: string;
  readonly zh: Readonly<Record<Key, string>>;
  readonly en: Readonly<Record<Key, string>>;
}

/** `{{name}}` in a sentence is replaced by the value of that name. */
export const pageWords = <Key extends string>(
  page: string,
  { zh, en }: { readonly zh: Readonly<Record<Key, string>>; readonly en: Readonly<Record<NoInfer<Key>, string>> },
): PageWords<Key> => ({ page, zh, en });
