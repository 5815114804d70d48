/** Sotto's sign, and its name. */
export function Figure() {
  return (
    <div className="brand">
      <img src="/icon.svg" alt="" width="44" height="44" />
      Sotto
    </div>
  );
}
