// Capacity of associative memories by their order: patterns per unit at which the wanted share of units comes back right.
import { capacity, capacitySlope } from "@ganglion/neurons";
import { key } from "@ganglion/tensor";

const sizes = [10, 20, 30, 40, 50];
const published = { 2: 0.92, 4: 2.34 } as const;

console.log(
  "| flipped | wanted | order | capacity at 10, 20, 30, 40, 50 units (at most 8 per unit) | slope | published |",
);
console.log("| --- | --- | --- | --- | --- | --- |");
for (const [flipped, wanted] of [
  [0.05, 0.95],
  [0.1, 0.92],
  [0.1, 0.91],
  [0.1, 0.9],
] as const) {
  for (const order of [2, 4] as const) {
    const config = { separation: { kind: "polynomial", order }, key: key(1), flipped, wanted, trials: 20 } as const;
    const capacities = sizes.map((units) => capacity(units, 8 * units, config));
    const slope = capacitySlope(sizes, capacities).toFixed(2);
    console.log(`| ${flipped} | ${wanted} | ${order} | ${capacities.join(", ")} | ${slope} | ${published[order]} |`);
  }
}
