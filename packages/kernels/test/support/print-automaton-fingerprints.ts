import { automatonFingerprints } from "./automaton-fingerprints.ts";

const found = [];
for (const count of [1, 2, 4, 8]) found.push(await automatonFingerprints(count));
console.log(JSON.stringify(found));
