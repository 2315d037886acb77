/** Who did something: a person by name, with the id on hover; a key by its id. */
export const Who = ({ id, name }: { id: string; name: string | null }) =>
  name === null ? <code>{id}</code> : <span title={id}>{name}</span>;
