/** A share as a percentage, to a hundredth, and to four places where it is close to 100; rounded down. */
export function percent(share: number | undefined): string {
  if (share === undefined) return "";
  if (share === 1) return "100 %";
  const digits = share > 0.999 ? 4 : 2;
  return `${(Math.floor(share * 100 * 10 ** digits + 1e-6) / 10 ** digits).toFixed(digits)} %`;
}
