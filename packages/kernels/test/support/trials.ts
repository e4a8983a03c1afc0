/** How many random cases a property gets: so many every day, and 10,000 in the slow run. */
export const trials = (everyday: number): { numRuns: number } => ({
  numRuns: process.env["MODE"] === "slow" ? 10_000 : everyday,
});
