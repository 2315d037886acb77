/** Who did something: a person by name and id, a key by its id. */
export const Who = ({ id, name }: { id: string; name: string | null }) =>
  name === null ? (
    <code>{id}</code>
  ) : (
    <>
      {name} <code className="quiet">{id}</code>
    </>
  );
