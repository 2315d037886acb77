// Accounts with money, a pack and a gift that run dry under load, made over HTTP.

export async function prepareAccounts(url: string, key: string, names: readonly string[]): Promise<void> {
  const call = async (path: string, body: object, once?: string) => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...(once && { 'idempotency-key': once }),
      },
      body: JSON.stringify(body),
    });
    if (response.status !== 201) throw new Error(`${path}: ${await response.text()}`);
  };
  for (const account of names) {
    await call('/v1/accounts', { id: account, book: 'faceid-legacy' });
    await call(`/v1/accounts/${account}/top-ups`, { amount: '900000.00' }, `open-${account}`);
    await call(
      '/v1/packs',
      { account, product: 'basic_authority', size: 1000, id: `pack-${account}` },
      `pack-${account}`,
    );
    await call(
      '/v1/gifts',
      { account, product: 'basic_authority', calls: 300, id: `gift-${account}` },
      `gift-${account}`,
    );
  }
}
